"""What the notebooks choose for a corpus they do not know, and steps that only they take."""

from policylab.agencies.network import measure_agencies, summarize_network
from policylab.agencies.responsibilities import trace_responsibilities
from policylab.alignment.coverage import compare_documents
from policylab.base.paths import AGENCIES, CONCEPTS, GLOSSES, STOPWORDS, TERMS, VERBS, WORKS
from policylab.citations.sources import count_sources
from policylab.corpus.choice import choose_pair
from policylab.corpus.doubts import list_variants
from policylab.corpus.structure import measure_structure
from policylab.language.terms import load_glosses
from policylab.language.topics import load_topic_labels
from policylab.plots.topics import plot_topic_choice
from policylab.plots.topicunits import plot_topic_sections
from policylab.plots.words import plot_sensitivity
from policylab.recipes.alignment import align_pair, compare_closest, explain_doubtful, list_unmatched, vary_alignment
from policylab.recipes.plans import compare_plans, vary_threshold
from policylab.recipes.quality import measure_quality
from policylab.recipes.terms import choose_selection, compare_consistency, compare_levels, compare_years, vary_counting
from policylab.recipes.topics import compare_topic_levels, cross_sections, pick_n_topics, vary_topics
from policylab.topics.labels import export_pyldavis
from policylab.topics.model import select_topic_terms
from policylab.topics.quality import measure_null_stability
from policylab.topics.units import count_topics, score_sections
from policylab.wording.strength import join_agencies
from policylab.words.lexicon import list_dictionaries
from policylab.words.newterms import measure_recall
from policylab.words.segment import compare_segmenters, count_masked
from policylab.words.sensitivity import Variant, compare_ranks, measure_sensitivity
from policylab.words.terms import count_nested
from policylab.words.trend import find_changing_terms
from policylab.words.units import choose_unit

__all__ = [
    "AGENCIES",
    "CONCEPTS",
    "GLOSSES",
    "STOPWORDS",
    "TERMS",
    "VERBS",
    "Variant",
    "WORKS",
    "align_pair",
    "choose_pair",
    "choose_selection",
    "choose_unit",
    "compare_closest",
    "compare_consistency",
    "compare_documents",
    "compare_levels",
    "compare_plans",
    "compare_ranks",
    "compare_segmenters",
    "compare_topic_levels",
    "compare_years",
    "count_masked",
    "count_nested",
    "count_sources",
    "count_topics",
    "cross_sections",
    "explain_doubtful",
    "export_pyldavis",
    "find_changing_terms",
    "join_agencies",
    "list_dictionaries",
    "list_unmatched",
    "list_variants",
    "load_glosses",
    "load_topic_labels",
    "measure_agencies",
    "measure_null_stability",
    "measure_quality",
    "measure_recall",
    "measure_sensitivity",
    "measure_structure",
    "pick_n_topics",
    "plot_sensitivity",
    "plot_topic_choice",
    "plot_topic_sections",
    "score_sections",
    "select_topic_terms",
    "summarize_network",
    "trace_responsibilities",
    "vary_alignment",
    "vary_counting",
    "vary_threshold",
    "vary_topics",
]
