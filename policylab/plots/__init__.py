"""Figures: style, journal presets, the page in millimetres, a function for every figure."""
