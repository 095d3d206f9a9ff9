"""How strong a confounder that nobody observed would have to be, and what the calibrated model holds of one."""
