"""What `policylab ingest` prints when it is done."""

from collections import Counter

from policylab.base.errors import shorten_value
from policylab.intake.decisions import NOT_READ
from policylab.intake.ingest import Ingested
from policylab.intake.studyfolder import CATALOG, DECISIONS, UNDECIDED
from policylab.run.study import quote_argument

_SHOWN = 5


def describe_study(result: Ingested) -> list[str]:
    """Lines: what is in the study now, what a person must decide, and what to run next."""
    decisions = result.decisions[result.decisions["decided"] == ""]
    counts = Counter(decisions["question"])
    lines = [f"{result.study / CATALOG}: {_count(len(result.catalog), 'document')}"]
    if len(result.undecided):
        lines.append(
            f"{result.study / UNDECIDED}: {_count(len(result.undecided), 'document')} without a level, region or year; fill "
            "them in and run ingest again"
        )
    lines.append(f"added by this run: {len(result.added)}; not read: {counts[NOT_READ]}")
    if counts:
        listed = ", ".join(f"{question} {n}" for question, n in counts.items())
        lines.append(f"{result.study / DECISIONS}: {_count(len(decisions), 'decision')} ({listed}). The weightiest:")
        for row in decisions.head(_SHOWN).to_dict("records"):
            what = " ".join(filter(None, [row["column"], row["proposed"]]))
            subject = row["document_id"] or row["original"]
            lines.append(
                f"  {row['question']}: {subject}: {shorten_value(': '.join(filter(None, [what, row['evidence']])))}"
            )
    lines.append(f"Next: policylab check --catalog {quote_argument(result.study / CATALOG)}")
    return lines


def _count(n, noun):
    return f"{n} {noun}{'' if n == 1 else 's'}"
