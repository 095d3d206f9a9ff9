"""Arms side by side in tables, sentences and pictures."""
