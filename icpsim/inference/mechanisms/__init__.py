"""The mechanisms, inferred from the published effects: priors, simulated evaluations, emulator, posterior, checks."""
