"""Decisions over the posterior: net benefit, acceptability, and what it is worth to know more before deciding."""
