"""Quantitative targets compared between plans."""
