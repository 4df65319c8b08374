"""policylab reads Chinese policy documents quantitatively: files to tables, tables to measures, measures to figures."""

from policylab.actors import compare_units, count_units, list_units, load_units, trace_responsibilities
from policylab.cascade import compare_targets
from policylab.coding import export_coding_sheet, intercoder_agreement, read_coding_sheets
from policylab.collate import compare_versions
from policylab.columns import join_corpus
from policylab.corpus import Corpus, load_corpus
from policylab.doubts import list_doubts, list_variants
from policylab.errors import PolicylabError, PolicylabWarning
from policylab.figures import save_figure
from policylab.labels import label, region_label
from policylab.lexicon import describe_lexicon, load_concepts, load_stopwords, load_terms
from policylab.plots import plot_documents, plot_structure
from policylab.provenance import record_provenance
from policylab.readings import describe_documents, describe_doubts, describe_structure, describe_variants
from policylab.segment import Segmenter, compare_segmenters, tokenize
from policylab.sources import compare_sources, count_sources, load_works, resolve_citations
from policylab.strength import compare_strength, find_directives, join_units, load_verbs, measure_strength
from policylab.structure import measure_structure, summarize_documents
from policylab.style import use_style
from policylab.terms import TermMatrix, cast_matrix, count_nested, count_terms, select_terms
from policylab.unitnet import build_unit_network, measure_units, summarize_network

__version__ = "0.1.0"

__all__ = [
    "Corpus",
    "PolicylabError",
    "PolicylabWarning",
    "Segmenter",
    "TermMatrix",
    "build_unit_network",
    "cast_matrix",
    "compare_segmenters",
    "compare_sources",
    "compare_strength",
    "compare_targets",
    "compare_units",
    "compare_versions",
    "count_nested",
    "count_sources",
    "count_terms",
    "count_units",
    "describe_documents",
    "describe_doubts",
    "describe_lexicon",
    "describe_structure",
    "describe_variants",
    "export_coding_sheet",
    "find_directives",
    "intercoder_agreement",
    "join_corpus",
    "join_units",
    "label",
    "list_doubts",
    "list_units",
    "list_variants",
    "load_concepts",
    "load_corpus",
    "load_stopwords",
    "load_terms",
    "load_units",
    "load_verbs",
    "load_works",
    "measure_strength",
    "measure_structure",
    "measure_units",
    "plot_documents",
    "plot_structure",
    "read_coding_sheets",
    "record_provenance",
    "region_label",
    "resolve_citations",
    "save_figure",
    "select_terms",
    "summarize_documents",
    "summarize_network",
    "tokenize",
    "trace_responsibilities",
    "use_style",
]
