"""The mechanisms, inferred from published effects: priors, simulated evaluations, emulator, posterior, checks."""
