"""What a programme does: each intervention multiplies named rates."""
