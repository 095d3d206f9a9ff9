"""Speed, measured: every figure a ratio or a cost taken in one run. ``python -m benchmarks``."""
