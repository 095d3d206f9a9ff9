"""What can be asked of icpsim: one folder a question."""
