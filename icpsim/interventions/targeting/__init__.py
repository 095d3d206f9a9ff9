"""Whom a programme finds: one policy a file."""
