"""The page of the sandbox: its world as a browser shows it, live."""

from rsspot.sandbox.page.routes import routes

__all__ = ["routes"]
