"""policylab reads Chinese policy documents quantitatively: files to tables, tables to measures, measures to figures."""

from policylab.actors import compare_units, count_units, list_units, load_units, trace_responsibilities
from policylab.agendas import align_agendas, compare_closest, explain_doubtful, list_unmatched, vary_alignment
from policylab.alignment import align_tasks
from policylab.cascade import compare_targets
from policylab.coding import export_coding_sheet, intercoder_agreement, read_coding_sheets
from policylab.collate import compare_versions
from policylab.columns import join_corpus
from policylab.concepts import concept_attention, concept_consistency, concept_richness, find_concepts
from policylab.concordance import collocates, concordance
from policylab.corpus import Corpus, load_corpus
from policylab.coverage import compare_documents, list_counterparts, measure_coverage, summarize_alignment
from policylab.doubts import list_doubts, list_variants
from policylab.drawn import save_drawn
from policylab.errors import PolicylabError, PolicylabWarning
from policylab.evaluation import evaluate_alignment, measure_calibration, measure_null
from policylab.explanation import explain_pair
from policylab.figures import save_figure
from policylab.focus import choose_focus, compare_consistency, compare_levels, compare_years, vary_counting
from policylab.glosses import load_glosses
from policylab.keyness import compare_terms, dispersion
from policylab.labels import label, region_label
from policylab.lexicon import describe_lexicon, load_concepts, load_stopwords, load_terms
from policylab.newterms import find_new_terms, measure_recall
from policylab.ngrams import match_texts
from policylab.papertables import save_table
from policylab.plans import choose_pair, compare_plans, vary_threshold
from policylab.plots import plot_documents, plot_structure
from policylab.plots_alignment import plot_links, plot_score_matrix
from policylab.plots_comparison import plot_comparison
from policylab.plots_concepts import plot_concepts, plot_consistency
from policylab.plots_coverage import plot_coverage, plot_reuse
from policylab.plots_network import plot_unit_network
from policylab.plots_pairs import plot_sources, plot_strength
from policylab.plots_promises import plot_cascade
from policylab.plots_terms import plot_trends
from policylab.plots_topics import plot_topic_choice, plot_topic_stability, plot_topics
from policylab.plots_topicunits import plot_topic_prevalence, plot_topic_sections
from policylab.plots_units import plot_carriers
from policylab.plots_words import plot_clouds, plot_sensitivity
from policylab.presets import use_preset
from policylab.provenance import record_provenance
from policylab.quality import measure_quality
from policylab.reader import write_reader
from policylab.readings import describe_documents, describe_doubts, describe_structure, describe_variants
from policylab.readings_alignment import (
    describe_agendas,
    describe_followers,
    describe_links,
    describe_order,
    describe_quality,
    describe_reuse,
    describe_robustness,
)
from policylab.readings_promises import (
    describe_carriers,
    describe_cascade,
    describe_counterparts,
    describe_network,
    describe_plans,
    describe_sources,
    describe_strength,
)
from policylab.readings_terms import (
    describe_attention,
    describe_comparison,
    describe_consistency,
    describe_counting,
    describe_focus,
    describe_ranks,
    describe_trends,
    describe_unglossed,
)
from policylab.readings_topics import (
    describe_choice,
    describe_difference,
    describe_examples,
    describe_prevalence,
    describe_sections,
    describe_topic_units,
    describe_topics,
    describe_vocabulary,
)
from policylab.reuse import compare_wording, find_reuse, measure_reuse
from policylab.segment import compare_segmenters, count_masked, tokenize
from policylab.segmenter import Segmenter
from policylab.sensitivity import Variant, compare_ranks, lexicon_sensitivity
from policylab.sources import compare_sources, count_sources, load_works, resolve_citations
from policylab.strength import compare_strength, find_directives, join_units, load_verbs, measure_strength
from policylab.structure import measure_structure, summarize_documents
from policylab.style import use_style
from policylab.terms import TermMatrix, cast_matrix, count_nested, count_terms, select_terms
from policylab.topiclabels import export_for_pyldavis, find_examples, label_topics, load_topic_labels
from policylab.topicquality import choose_n_topics, null_stability, score_topics, topic_stability
from policylab.topics import Topics, fit_seeded_topics, fit_topics, select_topic_terms
from policylab.topicstudy import compare_topic_levels, cross_sections, pick_n_topics, vary_topics
from policylab.topicunits import compare_prevalence, count_topics, score_sections, topic_prevalence
from policylab.trend import find_changing_terms, term_trend
from policylab.unitnet import build_unit_network, measure_units, summarize_network

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
