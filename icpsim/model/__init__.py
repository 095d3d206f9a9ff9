"""Patients in columns; practices, teams and hospitals as Mesa agents."""
