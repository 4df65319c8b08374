"""Documents that share most of their text: copies, versions, and one inside the other."""

import pandas as pd

from policylab.corpus.collate import find_duplicates

VERSION_COLUMNS = ["document_id", "other_id", "relation", "share", "version_of"]
# The lengths of two publications of one document differ by letterheads, attachments and what surrounds a web page: by at
# most a quarter in the pairs read. Further apart, one is a part of the other. Chosen by judgement.
_SAME_LENGTH = 0.75


def find_versions(documents: pd.DataFrame, texts: dict[str, str]) -> pd.DataFrame:
    """Pairs of documents that share most of their text: one row is a pair.

    Parameters
    ----------
    documents : DataFrame
        `document_id`, `region`, `year`, `document_number`, `version_of`, in the order in which the first of two copies is
        to be kept.
    texts : dict of str to str
        The text of each.

    Returns
    -------
    DataFrame
        `document_id` and `other_id` (the one to be kept); `relation`: "copy" (the same characters), "version" (the same
        length, give or take a quarter) or "part" (document_id lies inside other_id); `share` (0 to 1, of the runs of eight
        characters of the shorter one); `version_of`: as declared; else other_id, or what that is a version of, where a copy or
        version has the same region, year and number as far as both say; else null.
    """
    known = documents.set_index("document_id")
    roots = {str(name): str(root or name) for name, root in known["version_of"].items()}
    order = {name: place for place, name in enumerate(roots)}
    rows: list[tuple] = []
    for one, other, share in find_duplicates(list(texts.items())):
        keep, drop = sorted((one, other), key=order.__getitem__)
        relation = _relate(texts[keep], texts[drop])
        if roots[keep] == roots[drop]:
            if roots[keep] in (keep, drop):  # of three copies, the second and third need no row
                version = drop if roots[keep] == keep else keep
                rows.append((version, roots[keep], relation, share, roots[keep]))
            elif drop not in {row[0] for row in rows}:  # it is like the first one only by way of the second
                rows.append((drop, keep, relation, share, roots[keep]))
            continue
        if relation == "part" and len(texts[keep]) < len(texts[drop]):
            keep, drop = drop, keep
        agree = relation != "part" and _agree(known.loc[keep], known.loc[drop]) and roots[drop] == drop
        rows.append((drop, keep, relation, share, roots[keep] if agree else None))
        if agree:
            roots = {name: roots[keep] if root == drop else root for name, root in roots.items()}
    return pd.DataFrame(rows, columns=VERSION_COLUMNS, dtype=object)


def _relate(one, other):
    if one == other:
        return "copy"
    shorter, longer = sorted((len(one), len(other)))
    return "version" if shorter >= _SAME_LENGTH * longer else "part"


def _agree(one, other):
    """Whether two documents contradict each other in nothing that names them; a plan of last year is no version of this year's."""
    return all(
        not one[name] or not other[name] or one[name] == other[name] for name in ("region", "year", "document_number")
    )
