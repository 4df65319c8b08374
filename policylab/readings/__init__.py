"""Sentences about tables, in Chinese or English, with every number taken from the table at hand."""

from policylab.readings.agencies import (
    describe_agencies,
    describe_counterparts,
    describe_network,
)
from policylab.readings.alignment import (
    describe_followers,
    describe_links,
    describe_order,
    describe_pair,
    describe_plans,
    describe_quality,
    describe_reuse,
    describe_robustness,
)
from policylab.readings.citations import (
    describe_sources,
)
from policylab.readings.concepts import (
    describe_attention,
    describe_consistency,
)
from policylab.readings.corpus import (
    describe_documents,
    describe_doubts,
    describe_structure,
    describe_variants,
)
from policylab.readings.reading import (
    Reading,
)
from policylab.readings.targets import (
    describe_targets,
)
from policylab.readings.terms import (
    describe_comparison,
    describe_counting,
    describe_ranks,
    describe_selection,
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
from policylab.readings.wording import (
    describe_strength,
)

__all__ = [
    "Reading",
    "describe_agencies",
    "describe_attention",
    "describe_choice",
    "describe_comparison",
    "describe_consistency",
    "describe_counterparts",
    "describe_counting",
    "describe_difference",
    "describe_documents",
    "describe_doubts",
    "describe_examples",
    "describe_followers",
    "describe_links",
    "describe_network",
    "describe_order",
    "describe_pair",
    "describe_plans",
    "describe_prevalence",
    "describe_quality",
    "describe_ranks",
    "describe_reuse",
    "describe_robustness",
    "describe_sections",
    "describe_selection",
    "describe_sources",
    "describe_strength",
    "describe_structure",
    "describe_targets",
    "describe_topic_units",
    "describe_topics",
    "describe_trends",
    "describe_unglossed",
    "describe_variants",
    "describe_vocabulary",
]
