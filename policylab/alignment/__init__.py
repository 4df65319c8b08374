"""Which tasks of one plan take up which of another: scores, coverage, copied text, the page to read them on."""
