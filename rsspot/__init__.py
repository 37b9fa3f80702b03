"""The Python SDK for Rackspace Spot."""
