"""The natural history in pictures: each with its finding in a sentence computed from the numbers."""
