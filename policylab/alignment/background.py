"""What policy Chinese says all the time: in how many texts words and character n-grams occur, and which occur together.

A background gives the words of two documents their weights, so that what they share counts by how rarely others say it.
Counts and axes only: no text can be read back from it.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from policylab.alignment.ngrams import count_ngrams, document_frequency, make_vectors
from policylab.base.errors import PolicylabError
from policylab.base.paths import BACKGROUND
from policylab.base.resampling import hash_texts
from policylab.words.segmenter import load_engine

# n-grams and words of fewer texts count as unseen: half of all n-grams, and the weight hardly differs.
SEEN = 3
# A bigram of fewer texts has no place among the axes: with whom it occurs is chance. 4 and 16 do as well.
PLACED = 8
AXES = 100
FEWEST = 500

_BLANK = re.compile(r"[^\S\n]+")
_BIGRAM = np.uint64(1) << np.uint64(32)  # codes of bigrams are below, those of trigrams above (cut_ngrams)
# Texts of which a background keeps the counts, to be compared with as tasks that cannot be counterparts, and how many letters,
# digits and characters they have: as many as tasks. More of them changed no figure of docs/alignment.md by .01.
SAMPLE = 300
SIZE = (60, 500)
_ARRAYS = ("ngrams", "ngram_frequency", "words", "word_frequency", "axis_ngrams", "axes", "axis_scale", "n_texts")
_BAGS = ("place", "count", "size", "n_unseen")


@dataclass(frozen=True, eq=False)
class Bags:
    """What a sample of texts holds, as counts: no order, and not which n-grams or words few texts have.

    Attributes
    ----------
    counts : sparse matrix
        Text by n-gram (or word) of the background.
    n_unseen : ndarray
        How many others each text has.
    """

    counts: Any = field(repr=False)
    n_unseen: np.ndarray = field(repr=False)


@dataclass(frozen=True, eq=False)
class Background:
    """Frequencies of n-grams and words in many texts, and the axes along which their bigrams vary.

    Attributes
    ----------
    n_texts : int
        How many texts were counted.
    ngrams, ngram_frequency : ndarray
        Codes of n-grams (ascending) and in how many texts each occurs.
    words, word_frequency : ndarray
        The same for words, without the dictionary of terms.
    axis_ngrams, axes : ndarray
        Codes of bigrams (ascending) and their coordinates (bigram x axis).
    sample_ngrams, sample_words : Bags
        Of some of the texts, in the order of their content.
    """

    n_texts: int
    ngrams: np.ndarray = field(repr=False)
    ngram_frequency: np.ndarray = field(repr=False)
    words: np.ndarray = field(repr=False)
    word_frequency: np.ndarray = field(repr=False)
    axis_ngrams: np.ndarray = field(repr=False)
    axes: np.ndarray = field(repr=False)
    sample_ngrams: Bags = field(repr=False)
    sample_words: Bags = field(repr=False)


def build_background(texts: Iterable[str]) -> Background:
    """Build a background from many texts, such as paragraphs of other policy documents of the field.

    Parameters
    ----------
    texts : iterable of str
        500 or more, each about as long as a task. Leave out the documents that are to be compared: words of theirs that
        are counted here weigh less.

    Returns
    -------
    Background
        For `align_tasks(..., background=...)`; save_background keeps it.

    Raises
    ------
    PolicylabError
        If `texts` is no list of strings, or holds too little to count.

    Notes
    -----
    The axes are the right singular vectors of the matrix of texts and bigrams, weighted by inverse document frequency
    (latent semantic analysis; Deerwester et al. 1990). They are rounded to 8 bits, so that small differences between
    machines disappear and the file stays small.

    Examples
    --------
    >>> try:
    ...     build_background(["推进数字校园建设。"])
    ... except PolicylabError as error:
    ...     print(error)
    A background needs 500 texts or more; there is 1. Pass paragraphs of other policy documents, one string each.
    """
    from scipy.sparse.linalg import svds

    texts = _check_texts(texts)
    counts, ngrams = count_ngrams(texts)
    frequency = document_frequency(counts)
    placed = (frequency >= PLACED) & (ngrams < _BIGRAM)
    if placed.sum() <= 2 * AXES:
        raise PolicylabError(
            f"Only {placed.sum()} pairs of characters occur in {PLACED} or more of these {len(texts)} texts, too few for a "
            "background. Pass more texts, in Chinese."
        )
    weights = np.sqrt(-np.log(frequency[placed] / (1 + len(texts))))
    vectors = make_vectors(counts[:, placed], weights**2).astype(float)
    axes = svds(vectors, AXES, v0=np.ones(min(vectors.shape)), return_singular_vectors="vh")[2][::-1].T
    # Which end of an axis is positive is chance; here the farther one.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(AXES)])
    scale = np.abs(axes).max(axis=0) / 127
    word_counts, words = count_words(texts)
    word_frequency = document_frequency(word_counts)
    seen, known = frequency >= SEEN, word_frequency >= SEEN
    sample = _choose_sample(texts)
    return Background(
        len(texts),
        ngrams[seen],
        frequency[seen],
        words[known],
        word_frequency[known],
        ngrams[placed],
        (np.round(axes / scale) * scale).astype(np.float32),
        _count_bags(counts[sample], seen),
        _count_bags(word_counts[sample], known),
    )


def _choose_sample(texts):
    """The places of SAMPLE texts as long as tasks, chosen and ordered by their content alone."""
    sizes = np.array([sum(map(str.isalnum, text)) for text in texts])
    fit = np.flatnonzero((sizes >= SIZE[0]) & (sizes <= SIZE[1]))
    return fit[np.argsort(hash_texts(texts[place] for place in fit), kind="stable")][:SAMPLE]


def _count_bags(counts, seen):
    present = counts.copy()
    present.data[:] = 1
    return Bags(counts[:, seen], np.asarray(present[:, ~seen].sum(axis=1)).ravel().astype(np.uint16))


def _check_texts(texts):
    if isinstance(texts, str):
        raise PolicylabError("texts is one string. Pass a list of strings, one for each paragraph.")
    texts = list(texts)
    if wrong := [text for text in texts if not isinstance(text, str)]:
        raise PolicylabError(
            f"texts holds {len(wrong)} values that are no text, such as {wrong[0]!r}. Pass a list of strings."
        )
    if len(texts) < FEWEST:
        raise PolicylabError(
            f"A background needs {FEWEST} texts or more; there {'is' if len(texts) == 1 else 'are'} {len(texts)}. "
            "Pass paragraphs of other policy documents, one string each."
        )
    return texts


def save_background(background: Background, path: str | Path) -> None:
    """Save a background as a file of arrays (.npz) that load_background reads.

    Parameters
    ----------
    background : Background
        From build_background.
    path : str or Path
        The file.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_background(load_background(), Path(folder) / "mine.npz")
    ...     load_background(Path(folder) / "mine.npz")
    Background(n_texts=6345)
    """
    scale = np.abs(background.axes).max(axis=0) / np.float32(127)
    arrays = {
        "ngrams": np.diff(background.ngrams, prepend=np.uint64(0)),
        "ngram_frequency": background.ngram_frequency.astype(np.uint32),
        "words": np.frombuffer("\n".join(background.words.tolist()).encode("utf-8"), np.uint8),
        "word_frequency": background.word_frequency.astype(np.uint32),
        "axis_ngrams": background.axis_ngrams,
        "axes": np.round(background.axes / scale).astype(np.int8),
        "axis_scale": scale,
        "n_texts": np.array(background.n_texts),
        **_pack_bags("ngram", background.sample_ngrams),
        **_pack_bags("word", background.sample_words),
    }
    np.savez_compressed(path, **arrays)


def _pack_bags(kind, bags):
    counts = bags.counts.sorted_indices()
    size = np.diff(counts.indptr).astype(np.uint16)
    # The distance to the column before, which is small, or to the first one at the begin of a row.
    step = np.diff(counts.indices, prepend=0)
    step[counts.indptr[:-1][size > 0]] = counts.indices[counts.indptr[:-1][size > 0]]
    arrays = step.astype(np.uint32), counts.data.astype(np.uint8), size, bags.n_unseen
    return {f"{kind}_{name}": array for name, array in zip(_BAGS, arrays, strict=True)}


def _unpack_bags(place, count, size, n_unseen, n_columns):
    from scipy.sparse import csr_matrix

    starts = np.concatenate([[0], np.cumsum(size, dtype=np.int64)])
    total = np.concatenate([[0], np.cumsum(place, dtype=np.int64)])
    columns = total[1:] - np.repeat(total[starts[:-1]], size)
    return Bags(csr_matrix((count.astype(np.float32), columns, starts), shape=(len(size), n_columns)), n_unseen)


def load_background(path: str | Path | None = None) -> Background:
    """Load a background: the one that ships, or one that save_background wrote.

    Parameters
    ----------
    path : str or Path, optional
        The file; by default data/background/policy.npz. policy.json beside it lists what that was made from.

    Returns
    -------
    Background
        Frequencies and axes.

    Raises
    ------
    PolicylabError
        If the file is not there, or is no background.

    Examples
    --------
    >>> load_background()
    Background(n_texts=6345)
    """
    return _read_background(Path(path or BACKGROUND))


@lru_cache(maxsize=4)
def _read_background(path):
    try:
        with np.load(path, allow_pickle=False) as file:
            names = [*_ARRAYS, *(f"{kind}_{name}" for kind in ("ngram", "word") for name in _BAGS)]
            arrays = {name: file[name] for name in names}
    except FileNotFoundError:
        raise PolicylabError(f"{path} is not there. Write it with save_background, or leave path out.") from None
    except (ValueError, KeyError, OSError, EOFError):
        raise PolicylabError(f"{path} is no background. Write one with save_background.") from None
    return Background(
        int(arrays["n_texts"]),
        np.cumsum(arrays["ngrams"], dtype=np.uint64),
        arrays["ngram_frequency"],
        np.array(arrays["words"].tobytes().decode("utf-8").split("\n")),
        arrays["word_frequency"],
        arrays["axis_ngrams"],
        arrays["axes"] * arrays["axis_scale"],
        *(
            _unpack_bags(*(arrays[f"{kind}_{name}"] for name in _BAGS), len(arrays[f"{kind}_frequency"]))
            for kind in ("ngram", "word")
        ),
    )


def count_words(texts):
    """Counts as a sparse matrix (text x word) and the sorted words of its columns. The dictionary of terms has no part in it.

    >>> counts, words = count_words(["推进数字校园，推进应用", "ＩＰｖ６"])
    >>> words.tolist(), counts.toarray().astype(int).tolist()
    (['ipv6', '应用', '推进', '数字', '校园'], [[0, 1, 2, 1, 1], [1, 0, 0, 0, 0]])
    """
    from scipy.sparse import csr_matrix

    listed = [_cut_words(text) for text in texts]
    words = sorted({word for found in listed for word in found})
    place = {word: column for column, word in enumerate(words)}
    columns = [place[word] for found in listed for word in found]
    owners = np.repeat(np.arange(len(listed)), [len(found) for found in listed])
    counts = csr_matrix((np.ones(len(columns), np.float32), (owners, columns)), shape=(len(listed), len(words)))
    counts.sum_duplicates()
    return counts, np.array(words, dtype=str)


@lru_cache(maxsize=4096)  # a reference is compared with many documents
def _cut_words(text):
    folded = _BLANK.sub("", unicodedata.normalize("NFKC", text)).casefold()
    return [word for word in load_engine("rjieba")(folded, True) if any(map(str.isalnum, word))]


def look_up(keys, values, wanted):
    """The values of wanted keys (ascending keys); zero for a key that is not there."""
    found = np.zeros((len(wanted), *values.shape[1:]), dtype=values.dtype)
    if len(keys) and len(wanted):
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        known = keys[place] == wanted
        found[known] = values[place[known]]
    return found
