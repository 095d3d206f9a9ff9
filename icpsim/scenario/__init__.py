"""Scenarios: their schema, reading them from YAML, and what is wrong with them."""
