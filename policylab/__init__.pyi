"""The public names of policylab, by stage."""

from . import readings as readings, recipes as recipes

__version__: str

# Corpus: files to tables
from .corpus.bundle import Corpus as Corpus
from .corpus.load import load_corpus as load_corpus
from .corpus.joining import join_corpus as join_corpus
from .corpus.structure import summarize_documents as summarize_documents
from .corpus.doubts import list_doubts as list_doubts
from .corpus.collate import compare_versions as compare_versions
from .base.errors import PolicylabError as PolicylabError, PolicylabWarning as PolicylabWarning

# Dictionaries
from .words.lexicon import load_concepts as load_concepts, load_terms as load_terms
from .words.stoplists import load_stopwords as load_stopwords
from .agencies.responsibilities import load_agencies as load_agencies

# Words
from .words.segmenter import Segmenter as Segmenter
from .words.segment import tokenize as tokenize
from .words.terms import cast_matrix as cast_matrix, count_terms as count_terms, select_terms as select_terms
from .words.trend import measure_trend as measure_trend
from .words.keyness import compare_terms as compare_terms, measure_dispersion as measure_dispersion
from .words.concordance import find_collocates as find_collocates, find_concordance as find_concordance
from .words.newterms import find_new_terms as find_new_terms
from .words.concepts import (
    find_concepts as find_concepts,
    measure_attention as measure_attention,
    measure_consistency as measure_consistency,
    measure_richness as measure_richness,
)

# Alignment of tasks
from .alignment.align import align_tasks as align_tasks
from .alignment.coverage import (
    list_counterparts as list_counterparts,
    measure_coverage as measure_coverage,
    summarize_alignment as summarize_alignment,
)
from .alignment.reuse import (
    compare_wording as compare_wording,
    find_reuse as find_reuse,
    measure_reuse as measure_reuse,
)
from .alignment.explanation import explain_pair as explain_pair
from .alignment.sampling import sample_pairs as sample_pairs
from .alignment.calibration import calibrate_alignment as calibrate_alignment
from .alignment.evaluation import evaluate_alignment as evaluate_alignment
from .alignment.null import measure_null as measure_null
from .alignment.ngrams import match_texts as match_texts

# Topics
from .topics.model import fit_seeded_topics as fit_seeded_topics, fit_topics as fit_topics
from .topics.quality import (
    choose_n_topics as choose_n_topics,
    measure_stability as measure_stability,
    score_topics as score_topics,
)
from .topics.labels import find_examples as find_examples, label_topics as label_topics
from .topics.units import compare_prevalence as compare_prevalence, measure_prevalence as measure_prevalence

# Targets, agencies, wording, citations
from .targets.cascade import compare_targets as compare_targets
from .agencies.responsibilities import (
    compare_agencies as compare_agencies,
    count_agencies as count_agencies,
    list_agencies as list_agencies,
)
from .agencies.network import build_agency_network as build_agency_network
from .wording.strength import (
    compare_strength as compare_strength,
    find_directives as find_directives,
    measure_strength as measure_strength,
)
from .base.agreement import measure_agreement as measure_agreement
from .citations.sources import compare_sources as compare_sources, resolve_citations as resolve_citations

# Figures
from .plots.kit.presets import use_preset as use_preset
from .plots.kit.style import use_style as use_style
from .plots.agencies import plot_agencies as plot_agencies
from .plots.alignment import plot_links as plot_links, plot_score_matrix as plot_score_matrix
from .plots.citations import plot_sources as plot_sources
from .plots.comparison import plot_comparison as plot_comparison
from .plots.concepts import plot_concepts as plot_concepts, plot_consistency as plot_consistency
from .plots.corpus import plot_documents as plot_documents, plot_structure as plot_structure
from .plots.coverage import plot_coverage as plot_coverage, plot_reuse as plot_reuse
from .plots.network import plot_agency_network as plot_agency_network
from .plots.targets import plot_targets as plot_targets
from .plots.topics import plot_topic_stability as plot_topic_stability, plot_topics as plot_topics
from .plots.topicunits import plot_topic_prevalence as plot_topic_prevalence
from .plots.trends import plot_trends as plot_trends
from .plots.wording import plot_strength as plot_strength
from .plots.words import plot_clouds as plot_clouds

# Files
from .output.figure import save_figure as save_figure
from .output.provenance import record_provenance as record_provenance
from .output.reader import save_reader as save_reader
from .output.sheet import save_sheet as save_sheet
from .output.table import save_table as save_table
from .intake.ingest import ingest as ingest
