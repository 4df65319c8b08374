"""Sentences that tell what a table shows, in Chinese or English."""
