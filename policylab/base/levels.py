"""Levels of government."""

LEVELS = ["national", "provincial", "municipal", "county"]
