"""Words and terms: segmentation, dictionaries, counts and measures on them."""
