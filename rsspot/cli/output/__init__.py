"""From results to text: tables, JSON, YAML, progress and plots."""
