"""The names of the recipes, by the module that defines them."""

from policylab.agencies.correction import correct_counterparts as correct_counterparts
from policylab.agencies.network import measure_agencies as measure_agencies, summarize_network as summarize_network
from policylab.agencies.responsibilities import trace_responsibilities as trace_responsibilities
from policylab.alignment.background import (
    build_background as build_background,
    load_background as load_background,
    save_background as save_background,
)
from policylab.alignment.calibration import match_pairs as match_pairs
from policylab.alignment.codes import list_sheets as list_sheets, load_pair_codes as load_pair_codes
from policylab.alignment.coverage import compare_documents as compare_documents
from policylab.alignment.evaluation import (
    compare_alignments as compare_alignments,
    measure_calibration as measure_calibration,
)
from policylab.alignment.falsematches import measure_false_matches as measure_false_matches
from policylab.base.paths import (
    AGENCIES as AGENCIES,
    CONCEPTS as CONCEPTS,
    GLOSSES as GLOSSES,
    QUALIFIERS as QUALIFIERS,
    STOPWORDS as STOPWORDS,
    TERMS as TERMS,
    VERBS as VERBS,
    WORKS as WORKS,
)
from policylab.citations.sources import count_sources as count_sources, load_works as load_works
from policylab.corpus.choice import choose_pair as choose_pair
from policylab.corpus.doubts import list_variants as list_variants
from policylab.corpus.structure import measure_structure as measure_structure
from policylab.language.terms import load_glosses as load_glosses
from policylab.language.topics import load_topic_labels as load_topic_labels
from policylab.plots.topics import plot_topic_choice as plot_topic_choice
from policylab.plots.topicunits import plot_topic_sections as plot_topic_sections
from policylab.plots.words import plot_sensitivity as plot_sensitivity
from policylab.recipes.alignment import (
    align_pair as align_pair,
    compare_closest as compare_closest,
    explain_doubtful as explain_doubtful,
    list_unmatched as list_unmatched,
    vary_alignment as vary_alignment,
)
from policylab.recipes.concepts import propose_concepts as propose_concepts
from policylab.recipes.plans import compare_plans as compare_plans, vary_threshold as vary_threshold
from policylab.recipes.quality import measure_quality as measure_quality
from policylab.recipes.terms import (
    choose_selection as choose_selection,
    compare_consistency as compare_consistency,
    compare_levels as compare_levels,
    compare_years as compare_years,
    vary_counting as vary_counting,
)
from policylab.recipes.topics import (
    compare_topic_levels as compare_topic_levels,
    cross_sections as cross_sections,
    pick_n_topics as pick_n_topics,
    vary_topics as vary_topics,
)
from policylab.targets.correction import correct_targets as correct_targets
from policylab.targets.names import load_qualifiers as load_qualifiers
from policylab.topics.labels import export_pyldavis as export_pyldavis
from policylab.topics.model import select_topic_terms as select_topic_terms
from policylab.topics.quality import (
    measure_null_stability as measure_null_stability,
    score_stability as score_stability,
)
from policylab.topics.refits import Refits as Refits, refit_topics as refit_topics
from policylab.topics.units import count_topics as count_topics, score_sections as score_sections
from policylab.wording.coding import (
    export_coding_sheet as export_coding_sheet,
    load_coding_sheets as load_coding_sheets,
)
from policylab.wording.strength import join_agencies as join_agencies, load_verbs as load_verbs
from policylab.words.conceptfit import measure_concept_fit as measure_concept_fit
from policylab.words.keyness import select_leading_terms as select_leading_terms
from policylab.words.lexicon import list_dictionaries as list_dictionaries
from policylab.words.newterms import measure_recall as measure_recall
from policylab.words.segment import compare_segmenters as compare_segmenters, count_masked as count_masked
from policylab.words.sensitivity import (
    Variant as Variant,
    compare_ranks as compare_ranks,
    measure_sensitivity as measure_sensitivity,
)
from policylab.words.terms import count_nested as count_nested
from policylab.words.trend import find_changing_terms as find_changing_terms
from policylab.words.units import choose_unit as choose_unit
