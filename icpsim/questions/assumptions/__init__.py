"""Which assumed numbers matter: each moved to the end of its range, one at a time."""
