"""The world behind the local Spot: objects, a market, and controllers that reconcile them."""
