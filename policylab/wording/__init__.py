"""How firmly plans are worded, and coding sheets."""
