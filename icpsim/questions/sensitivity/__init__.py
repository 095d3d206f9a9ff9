"""Which uncertain inputs move a result, how much of what moves is chance, and where a policy fails."""
