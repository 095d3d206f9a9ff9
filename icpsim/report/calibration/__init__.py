"""The calibration of the mechanisms in tables and pictures."""
