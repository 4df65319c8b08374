"""The works that plans cite."""
