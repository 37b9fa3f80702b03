"""How the typed package is made of the document of the API, and how it is held to it."""
