"""Fitting the model to evidence."""
