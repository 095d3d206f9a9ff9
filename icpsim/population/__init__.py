"""Synthetic registered people."""
