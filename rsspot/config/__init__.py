"""Configuration: options, where they are set, and which place takes precedence."""
