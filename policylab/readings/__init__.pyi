"""The sentences about tables, by subject."""

from .agencies import (
    describe_agencies as describe_agencies,
    describe_counterparts as describe_counterparts,
    describe_network as describe_network,
)
from .alignment import (
    describe_calibration as describe_calibration,
    describe_followers as describe_followers,
    describe_links as describe_links,
    describe_null as describe_null,
    describe_order as describe_order,
    describe_pair as describe_pair,
    describe_plans as describe_plans,
    describe_quality as describe_quality,
    describe_reuse as describe_reuse,
    describe_robustness as describe_robustness,
)
from .citations import describe_sources as describe_sources
from .concepts import (
    describe_attention as describe_attention,
    describe_concept_fit as describe_concept_fit,
    describe_consistency as describe_consistency,
)
from .corpus import (
    describe_documents as describe_documents,
    describe_doubts as describe_doubts,
    describe_structure as describe_structure,
    describe_variants as describe_variants,
)
from .reading import Reading as Reading
from .targets import (
    describe_corrected_targets as describe_corrected_targets,
    describe_targets as describe_targets,
    describe_thresholds as describe_thresholds,
)
from .terms import (
    describe_comparison as describe_comparison,
    describe_counting as describe_counting,
    describe_ranks as describe_ranks,
    describe_selection as describe_selection,
    describe_trends as describe_trends,
    describe_unglossed as describe_unglossed,
)
from .topics import (
    describe_choice as describe_choice,
    describe_difference as describe_difference,
    describe_examples as describe_examples,
    describe_prevalence as describe_prevalence,
    describe_sections as describe_sections,
    describe_topic_units as describe_topic_units,
    describe_topics as describe_topics,
    describe_vocabulary as describe_vocabulary,
)
from .wording import describe_strength as describe_strength
