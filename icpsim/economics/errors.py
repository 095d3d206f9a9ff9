"""What can be wrong with activities, services delivered and the numbers that price them."""


class EconomicsError(ValueError):
    """An activity, a delivered service or an economic parameter is impossible; the message names it."""
