"""What all figures are made of: page, style, presets, marks."""
