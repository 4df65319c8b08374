"""What is promised, by whom, on whose authority: targets, units, sources, directive strength."""
