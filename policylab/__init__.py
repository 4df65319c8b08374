"""policylab reads Chinese policy documents quantitatively: files to tables, tables to measures, measures to figures."""

from policylab.collate import compare_versions
from policylab.corpus import Corpus, load_corpus
from policylab.errors import PolicylabError, PolicylabWarning

__version__ = "0.1.0"

__all__ = ["Corpus", "PolicylabError", "PolicylabWarning", "compare_versions", "load_corpus"]
