"""The evaluators' own analysis, on records and nothing else."""
