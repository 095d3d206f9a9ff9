"""One person's life, week by week, in the world with the programme and in the world without it."""
