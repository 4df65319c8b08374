"""Responsible agencies and their network."""
