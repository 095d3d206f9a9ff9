"""Half-widths of intervals, and what counts as an effect."""

Z90 = 1.6448536269514722
"""Half-width of a 90% interval in standard errors."""
MATERIAL = 0.01
"""A true effect within this much of none, on the log scale, counts as none (JUDGEMENT)."""
