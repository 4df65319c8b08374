"""What leaves the notebooks: files of figures and tables, their manifest and provenance, references to cite."""
