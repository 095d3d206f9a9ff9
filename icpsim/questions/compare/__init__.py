"""Arms side by side on paired draws: what differs, for whom, what drove it, and which policy is best."""
