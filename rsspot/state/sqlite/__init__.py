"""The state store on sqlite. Everything that is specific to sqlite is in this package."""
