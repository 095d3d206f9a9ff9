"""What can be wrong with a request for the country."""


class EnglandError(ValueError):
    """An option is wrong; the message names it and the nearest value that would do."""
