"""The matched pairs of two documents."""

from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError


def list_matched(corpus, document_id, reference_id, pairs=None):
    """The matched pairs of tasks as a set of (task, reference task); `pairs` as in compare_targets."""
    if pairs is None:
        from policylab.alignment.align import align_tasks

        bare = [name for name in (document_id, reference_id) if not corpus.tasks["document_id"].eq(name).any()]
        if bare:
            raise PolicylabError(
                f"{' and '.join(bare)}: no numbered tasks to match. Pass pairs=, or compare plans with numbered tasks."
            )
        pairs = align_tasks(corpus, document_id, reference_id)
    need_columns(pairs, ["task", "reference_task"], "pairs")
    for column, wanted in (("document_id", document_id), ("reference_id", reference_id)):
        if column in pairs and len(pairs):
            held = sorted(set(pairs[column].dropna()))
            pairs = pairs[pairs[column].eq(wanted).fillna(False)]
            if pairs.empty:
                raise PolicylabError(
                    f"pairs, column {column}: it holds {', '.join(held) or 'nothing'}, not {wanted}."
                    f" Pass the pairs of {document_id} and {reference_id}."
                )
    if "matched" in pairs:
        pairs = pairs[pairs["matched"].fillna(False).astype(bool)]
    for column in ("task", "reference_task"):
        if pairs[column].isna().any():
            raise PolicylabError(
                f"pairs, column {column}: a matched pair has no task. Fill it in or leave the row out."
            )
    return set(zip(pairs["task"].astype(int), pairs["reference_task"].astype(int)))
