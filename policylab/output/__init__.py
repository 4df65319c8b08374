"""Files: figures, tables, pages, and what they were made from."""
