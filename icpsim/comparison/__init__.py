"""Arms of a question on the same people and the same draws: what differs between them, for whom, and why."""
