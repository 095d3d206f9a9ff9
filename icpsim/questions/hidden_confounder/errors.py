"""What can be wrong with a question about a confounder."""


class ConfounderError(ValueError):
    """A share, a ratio or a list of them that no confounder can have."""
