"""Names of things in Chinese and English, for figures and sentences."""
