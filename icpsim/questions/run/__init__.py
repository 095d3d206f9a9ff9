"""A study: a scenario simulated and evaluated many times, as a table of effects."""
