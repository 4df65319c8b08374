"""Which pairs of tasks to code by hand, and the sheet for the coders."""

import os

import numpy as np
import pandas as pd

from policylab.alignment.reliability import default_reliability
from policylab.base.arguments import check_whole
from policylab.base.codingsheet import check_target, prepare_sheet, write_sheet
from policylab.base.columns import need_columns
from policylab.base.errors import PolicylabError
from policylab.base.resampling import draw_numbers, hash_texts
from policylab.corpus.bundle import Corpus

PAIR = ["document_id", "task", "reference_id", "reference_task"]
TEXTS = ["title", "reference_title", "text", "reference_text"]
FILLED = ["grade", "coder", "coder_kind", "note"]
# On documents of other subjects ten codes already help (docs/alignment.md); fewer are a trial or a slip.
FEWEST_CODES = 10


def sample_pairs(
    corpus: Corpus,
    pairs: pd.DataFrame,
    path: str | os.PathLike | None = None,
    *,
    n: int = 40,
    seed: int = 0,
    overwrite: bool = False,
) -> pd.DataFrame:
    """Sample the pairs of tasks whose codes tell most about an alignment, and write them as a sheet for a coder.

    Parameters
    ----------
    corpus : Corpus
        The corpus of both documents.
    pairs : DataFrame
        The table of align_tasks for one document and one reference. Of pairs that were calibrated (match_pairs) those are left
        out that were coded, so that coding can be continued.
    path : path, optional
        The file to write. It is CSV in UTF-8 with a byte order mark and CRLF, which Excel opens without asking.
    n : int, optional
        How many pairs: 10 or more. A larger sample holds the smaller one.
    seed : int, optional
        Of the draw.
    overwrite : bool, optional
        Whether to replace a file that exists, which may hold a coder's work.

    Returns
    -------
    DataFrame
        The sheet as written, in the order of the tasks: a row is a pair. `document_id`, `task`, `reference_id`,
        `reference_task`; `title`, `reference_title`, `text`, `reference_text`; blank columns for the coder: `grade` (0 none,
        1 partial, 2 direct counterpart), `coder` (a name), `coder_kind` (person or model) and `note`. It does not show scores,
        which would sway the coder. Empty without pairs.

    Raises
    ------
    PolicylabError
        If the table is not of one document and one reference or has tasks that the corpus lacks, if n is below 10, and if the
        file exists or cannot be written.

    Notes
    -----
    Half of the pairs are those whose score leaves most open whether they are linked (uncertainty sampling; Lewis & Gale
    1994). The other half is drawn from all others, as many with a probability p of a link of one half and more as of less, with
    chances in proportion to p (1 - p) (sequential Poisson sampling; Ohlsson 1998): so every score has a chance, and coders
    who are stricter or more generous than the readers of the gold find links and others as well. Which are drawn depends on the
    texts of a pair and on its score, not on names, on the order of rows or on other documents. docs/alignment.md compares
    designs.

    A function can fill the sheet as well, such as one that asks a language model; name it in `coder`, and write "model" in
    `coder_kind`.

    Examples
    --------
    >>> import policylab as lab
    >>> corpus = lab.load_corpus()
    >>> sheet = sample_pairs(corpus, lab.align_tasks(corpus, "chongqing-2019", "national-2019"))
    >>> len(sheet), [*sheet.columns[-4:]]
    (40, ['grade', 'coder', 'coder_kind', 'note'])
    """
    check_whole("n", n, FEWEST_CODES)
    check_whole("seed", seed, 0)
    path = None if path is None else check_target(path, overwrite)
    if "linked" in pairs:
        pairs = pairs[pairs["linked"].isna()]
        chances = pairs["probability"].to_numpy(dtype=float)
    else:
        chances = default_reliability().probability(pairs["score"])
    texts = read_texts(corpus, pairs)
    sides = [(texts[prefix + "title"] + "\n" + texts[prefix + "text"]).array for prefix in ("", "reference_")]
    contents = np.column_stack([hash_texts(side) for side in sides])
    sheet = texts.iloc[choose_rows(chances, contents, n, seed)].sort_values(PAIR, ignore_index=True)
    # One line a cell: after a slip with a quotation mark, lines could not be told from rows.
    sheet[TEXTS] = sheet[TEXTS].replace(r"\s*[\r\n]\s*", "　　", regex=True)
    sheet = prepare_sheet(sheet.assign(**dict.fromkeys(FILLED, "")), TEXTS, "The sheet" if path is None else path.name)
    if path is not None:
        write_sheet(sheet, path)
    return sheet


def choose_rows(chances: np.ndarray, contents: np.ndarray, n: int, seed: int) -> np.ndarray:
    """The rows of n pairs that are links with these chances; a row of `contents` are numbers for what a pair holds.

    >>> int(choose_rows(np.array([0.01, 0.45, 0.9, 0.02]), np.array([[1], [2], [3], [4]]), 2, 0)[0])
    1
    """
    # Rounded, so that the last digit of a score, which may differ between machines, decides nothing.
    doubt = np.round(chances * (1 - chances), 9)
    drawn = draw_numbers(contents, b"pair", seed)
    order = np.lexsort((drawn, -doubt))
    first, others = order[: n // 2], order[n // 2 :]
    others = others[np.argsort(drawn[others] / doubt[others], kind="stable")]
    # By turns from either side of one half, as long as both last.
    likely = chances[others] >= 0.5
    turn = np.where(likely, likely.cumsum(), (~likely).cumsum())
    return np.append(first, others[np.argsort(turn, kind="stable")][: n - len(first)])


def read_texts(corpus: Corpus, pairs: pd.DataFrame) -> pd.DataFrame:
    """Both tasks of every pair: PAIR and TEXTS, blank where there is none."""
    check_single(pairs)
    tasks = corpus.tasks.set_index(["document_id", "task"])[["title", "text"]]
    table = pairs[PAIR].reset_index(drop=True)
    for prefix, own in (("", ["document_id", "task"]), ("reference_", ["reference_id", "reference_task"])):
        place = pd.MultiIndex.from_frame(table[own])
        lost = ~place.isin(tasks.index)
        if lost.any():
            document_id, task = place[lost.argmax()]
            raise PolicylabError(
                f"pairs has task {task} of {document_id}, which the corpus lacks. Pass the corpus that was aligned."
            )
        for name in ("title", "text"):
            table[prefix + name] = tasks[name].reindex(place).fillna("").to_numpy()
    return table[[*PAIR, *TEXTS]]


def check_single(pairs: pd.DataFrame) -> None:
    """Raise PolicylabError unless `pairs` are scored pairs of tasks of one document and one reference."""
    need_columns(pairs, [*PAIR, "score"], "pairs")
    for name in ("document_id", "reference_id"):
        held = list(dict.fromkeys(pairs[name]))
        if len(held) > 1:
            listed = ", ".join(map(str, held))
            raise PolicylabError(
                f"pairs holds {len(held)} values of {name}: {listed}. Select one document and one reference."
            )
