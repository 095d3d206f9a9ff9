"""Which option to choose, and what it is worth to know more first."""
