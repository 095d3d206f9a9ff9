"""The whole country, area by area: totals of a year beside the national ones, in little memory."""
