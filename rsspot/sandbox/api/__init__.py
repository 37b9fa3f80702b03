"""The API of the local Spot, over HTTP."""
