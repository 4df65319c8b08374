"""What was published, from texts to tables: read, parse, check."""
