"""The state store on sqlite. Everything that is sqlite's own is in this folder."""
