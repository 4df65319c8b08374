"""What figures and readings say in Chinese and in English. The words are data: labels.csv."""

import csv
from functools import lru_cache
from pathlib import Path

from policylab.base.arguments import check_language


def label(key, language):
    """The word for `key` in `language`; a key without a gloss is itself the answer, so Chinese terms stay Chinese.

    >>> label("n_tasks", "zh"), label("n_tasks", "en"), label("工作思路", "en")
    ('任务', 'Tasks', '工作思路')

    Raises PolicylabError if the language is neither "zh" nor "en".
    """
    check_language(language)
    row = _labels().get(key, {})
    return row.get(language) or row.get("zh") or key


@lru_cache
def _labels():
    with open(Path(__file__).with_name("labels.csv"), encoding="utf-8", newline="") as lines:
        return {row["key"]: row for row in csv.DictReader(lines)}
