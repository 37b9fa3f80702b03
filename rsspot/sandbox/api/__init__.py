"""The HTTP API: routes, checks and responses. It uses only what `rsspot.sandbox.world` exports."""
