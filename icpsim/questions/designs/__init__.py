"""What would your evaluation be able to see: every design's bias, coverage and power against the known truth."""
