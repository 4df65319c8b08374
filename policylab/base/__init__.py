"""What every other folder stands on: errors, paths, checks of arguments, tables that people write."""
