"""Files of any kind to texts that the corpus reads. Nothing is fetched, nothing in a file is run."""
