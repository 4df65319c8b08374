"""What every other folder builds on: errors, paths, checks of arguments, tables that people write."""
