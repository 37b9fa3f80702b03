"""Composable senders: sign-in, retry and cache around a sync or an async HTTP client."""
