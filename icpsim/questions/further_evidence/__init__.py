"""What would have told the explanations apart: evaluations redone with further evidence, and what each tells."""
