"""Many runs: units of work that are kept as they finish, where they run, and their results as tables."""
