"""The year in weeks: what turns weeks into years of age, and yearly rates into weekly ones.

52.18 is 365.25 / 7 rounded to two places; every rate was fitted with it, so another value changes every result.
Plain floats, which compiled rules read as constants.
"""

WEEKS_PER_YEAR = 52.18
WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12
