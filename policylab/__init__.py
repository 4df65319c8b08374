"""policylab reads Chinese policy documents quantitatively: files to tables, tables to measures, measures to figures."""

from policylab.alignment.agendas import align_agendas, compare_closest, explain_doubtful, list_unmatched, vary_alignment
from policylab.alignment.align import align_tasks
from policylab.alignment.coverage import compare_documents, list_counterparts, measure_coverage, summarize_alignment
from policylab.alignment.evaluation import evaluate_alignment, measure_calibration, measure_null
from policylab.alignment.explanation import explain_pair
from policylab.alignment.ngrams import match_texts
from policylab.alignment.quality import measure_quality
from policylab.alignment.reader import write_reader
from policylab.alignment.reuse import compare_wording, find_reuse, measure_reuse
from policylab.columns import join_corpus
from policylab.corpus.collate import compare_versions
from policylab.corpus.doubts import list_doubts, list_variants
from policylab.corpus.load import Corpus, load_corpus
from policylab.corpus.structure import measure_structure, summarize_documents
from policylab.errors import PolicylabError, PolicylabWarning
from policylab.labels import label, region_label
from policylab.plots.alignment import plot_links, plot_score_matrix
from policylab.plots.comparison import plot_comparison
from policylab.plots.concepts import plot_concepts, plot_consistency
from policylab.plots.corpus import plot_documents, plot_structure
from policylab.plots.coverage import plot_coverage, plot_reuse
from policylab.plots.network import plot_unit_network
from policylab.plots.pairs import plot_sources, plot_strength
from policylab.plots.presets import use_preset
from policylab.plots.promises import plot_cascade
from policylab.plots.style import use_style
from policylab.plots.terms import plot_trends
from policylab.plots.topics import plot_topic_choice, plot_topic_stability, plot_topics
from policylab.plots.topicunits import plot_topic_prevalence, plot_topic_sections
from policylab.plots.units import plot_carriers
from policylab.plots.words import plot_clouds, plot_sensitivity
from policylab.promises.actors import compare_units, count_units, list_units, load_units, trace_responsibilities
from policylab.promises.cascade import compare_targets
from policylab.promises.coding import export_coding_sheet, intercoder_agreement, read_coding_sheets
from policylab.promises.network import build_unit_network, measure_units, summarize_network
from policylab.promises.plans import choose_pair, compare_plans, vary_threshold
from policylab.promises.sources import compare_sources, count_sources, load_works, resolve_citations
from policylab.promises.strength import compare_strength, find_directives, join_units, load_verbs, measure_strength
from policylab.readings.alignment import (
    describe_agendas,
    describe_followers,
    describe_links,
    describe_order,
    describe_quality,
    describe_reuse,
    describe_robustness,
)
from policylab.readings.promises import (
    describe_carriers,
    describe_cascade,
    describe_counterparts,
    describe_network,
    describe_plans,
    describe_sources,
    describe_strength,
)
from policylab.readings.reading import describe_documents, describe_doubts, describe_structure, describe_variants
from policylab.readings.terms import (
    describe_attention,
    describe_comparison,
    describe_consistency,
    describe_counting,
    describe_focus,
    describe_ranks,
    describe_trends,
    describe_unglossed,
)
from policylab.readings.topics import (
    describe_choice,
    describe_difference,
    describe_examples,
    describe_prevalence,
    describe_sections,
    describe_topic_units,
    describe_topics,
    describe_vocabulary,
)
from policylab.saving.drawn import save_drawn
from policylab.saving.figure import save_figure
from policylab.saving.provenance import record_provenance
from policylab.saving.table import save_table
from policylab.topics.labels import export_for_pyldavis, find_examples, label_topics, load_topic_labels
from policylab.topics.model import Topics, fit_seeded_topics, fit_topics, select_topic_terms
from policylab.topics.quality import choose_n_topics, null_stability, score_topics, topic_stability
from policylab.topics.study import compare_topic_levels, cross_sections, pick_n_topics, vary_topics
from policylab.topics.units import compare_prevalence, count_topics, score_sections, topic_prevalence
from policylab.words.concepts import concept_attention, concept_consistency, concept_richness, find_concepts
from policylab.words.concordance import collocates, concordance
from policylab.words.focus import choose_focus, compare_consistency, compare_levels, compare_years, vary_counting
from policylab.words.glosses import load_glosses
from policylab.words.keyness import compare_terms, dispersion
from policylab.words.lexicon import describe_lexicon, load_concepts, load_stopwords, load_terms
from policylab.words.newterms import find_new_terms, measure_recall
from policylab.words.segment import compare_segmenters, count_masked, tokenize
from policylab.words.segmenter import Segmenter
from policylab.words.sensitivity import Variant, compare_ranks, lexicon_sensitivity
from policylab.words.terms import TermMatrix, cast_matrix, count_nested, count_terms, select_terms
from policylab.words.trend import find_changing_terms, term_trend

__version__ = "0.1.0"

__all__ = [
    "Corpus",
    "PolicylabError",
    "PolicylabWarning",
    "Segmenter",
    "TermMatrix",
    "Topics",
    "Variant",
    "align_agendas",
    "align_tasks",
    "build_unit_network",
    "cast_matrix",
    "choose_focus",
    "choose_n_topics",
    "choose_pair",
    "collocates",
    "compare_consistency",
    "compare_closest",
    "compare_documents",
    "compare_levels",
    "compare_plans",
    "compare_prevalence",
    "compare_ranks",
    "compare_segmenters",
    "compare_sources",
    "compare_strength",
    "compare_targets",
    "compare_terms",
    "compare_topic_levels",
    "compare_units",
    "compare_versions",
    "compare_wording",
    "compare_years",
    "concept_attention",
    "concept_consistency",
    "concept_richness",
    "concordance",
    "count_masked",
    "count_nested",
    "count_sources",
    "count_terms",
    "count_topics",
    "count_units",
    "cross_sections",
    "describe_agendas",
    "describe_attention",
    "describe_carriers",
    "describe_cascade",
    "describe_choice",
    "describe_comparison",
    "describe_consistency",
    "describe_counterparts",
    "describe_counting",
    "describe_difference",
    "describe_documents",
    "describe_doubts",
    "describe_examples",
    "describe_focus",
    "describe_followers",
    "describe_lexicon",
    "describe_links",
    "describe_network",
    "describe_order",
    "describe_plans",
    "describe_prevalence",
    "describe_quality",
    "describe_ranks",
    "describe_reuse",
    "describe_robustness",
    "describe_sections",
    "describe_sources",
    "describe_strength",
    "describe_structure",
    "describe_topic_units",
    "describe_topics",
    "describe_trends",
    "describe_unglossed",
    "describe_variants",
    "describe_vocabulary",
    "dispersion",
    "evaluate_alignment",
    "explain_doubtful",
    "explain_pair",
    "export_coding_sheet",
    "export_for_pyldavis",
    "find_changing_terms",
    "find_concepts",
    "find_directives",
    "find_examples",
    "find_new_terms",
    "find_reuse",
    "fit_seeded_topics",
    "fit_topics",
    "intercoder_agreement",
    "join_corpus",
    "join_units",
    "label",
    "label_topics",
    "lexicon_sensitivity",
    "list_counterparts",
    "list_doubts",
    "list_units",
    "list_unmatched",
    "list_variants",
    "load_concepts",
    "load_corpus",
    "load_glosses",
    "load_stopwords",
    "load_terms",
    "load_topic_labels",
    "load_units",
    "load_verbs",
    "load_works",
    "match_texts",
    "measure_calibration",
    "measure_coverage",
    "measure_null",
    "measure_quality",
    "measure_recall",
    "measure_reuse",
    "measure_strength",
    "measure_structure",
    "measure_units",
    "null_stability",
    "pick_n_topics",
    "plot_carriers",
    "plot_cascade",
    "plot_clouds",
    "plot_comparison",
    "plot_concepts",
    "plot_consistency",
    "plot_coverage",
    "plot_documents",
    "plot_links",
    "plot_reuse",
    "plot_score_matrix",
    "plot_sensitivity",
    "plot_sources",
    "plot_strength",
    "plot_structure",
    "plot_topic_choice",
    "plot_topic_prevalence",
    "plot_topic_sections",
    "plot_topic_stability",
    "plot_topics",
    "plot_trends",
    "plot_unit_network",
    "read_coding_sheets",
    "record_provenance",
    "region_label",
    "resolve_citations",
    "save_drawn",
    "save_figure",
    "save_table",
    "score_sections",
    "score_topics",
    "select_terms",
    "select_topic_terms",
    "summarize_alignment",
    "summarize_documents",
    "summarize_network",
    "term_trend",
    "tokenize",
    "topic_prevalence",
    "topic_stability",
    "trace_responsibilities",
    "use_preset",
    "use_style",
    "vary_alignment",
    "vary_counting",
    "vary_threshold",
    "vary_topics",
    "write_reader",
]
