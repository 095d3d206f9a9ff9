"""A decision and the worth of knowing more, in tables, sentences and pictures."""
