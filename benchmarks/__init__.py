"""Speed, measured: each figure a ratio or a cost taken in one run. ``python -m benchmarks``."""
