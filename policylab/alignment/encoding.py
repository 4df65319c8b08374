"""Vectors of texts by an encoder of the user's own, such as a model of sentences: called once for each text, and checked."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import blake2b
from typing import Any

import numpy as np

from policylab.base.errors import PolicylabError, shorten_value

# The vectors of every text that an encoder has seen, {digest of the text: vector}. Two encoders are kept, the last used last:
# to compare two, cell by cell, encodes nothing again.
_KEPT = 2
_vectors: OrderedDict[Hashable, dict[bytes, np.ndarray]] = OrderedDict()

_ADVICE = "An encoder takes a list of n texts and returns a matrix of n rows of numbers."


def encode_texts(texts: list[str], encoder: Callable[[list[str]], Any]) -> np.ndarray:
    """The vectors of texts at length 1, a row each.

    A text is encoded once as long as the session lasts, whatever document it stands in; so `encoder` has to be the same function
    from call to call (a lambda that is written anew is another one). Nothing is written to disk.

    >>> calls = []
    >>> def count(texts):
    ...     calls.append(texts)
    ...     return [[text.count("网"), text.count("教")] for text in texts]
    >>> encode_texts(["网络", "教育", "网络"], count).tolist(), encode_texts(["教育", "教学网"], count).round(2).tolist()
    ([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]], [[0.0, 1.0], [0.71, 0.71]])
    >>> calls
    [['网络', '教育'], ['教学网']]
    """
    if not callable(encoder):
        raise PolicylabError(f"encoder={type(encoder).__name__} is no function. {_ADVICE}")
    known = _recall(encoder)
    keys = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest() for text in texts]
    new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    if new:
        vectors = _check_vectors(list(new.values()), _call(encoder, list(new.values())))
        width = len(next(iter(known.values()))) if known else vectors.shape[1]
        if vectors.shape[1] != width:
            raise PolicylabError(
                f"The encoder returned vectors of {vectors.shape[1]} numbers, and of {width} before. All texts need the same."
            )
        known.update(zip(new, vectors, strict=True))
    return np.array([known[key] for key in keys])


def _recall(encoder):
    """What an encoder has encoded so far; a dict that is filled."""
    # A function that cannot be hashed cannot be told from another one: nothing is kept.
    if not isinstance(encoder, Hashable):
        return {}
    known = _vectors.setdefault(encoder, {})
    _vectors.move_to_end(encoder)
    while len(_vectors) > _KEPT:
        _vectors.popitem(last=False)
    return known


def _call(encoder, texts):
    try:
        return encoder(texts)
    except Exception as error:  # whatever the user's function raises
        reason = shorten_value(f"{type(error).__name__}: {error}")
        raise PolicylabError(f"The encoder failed on {len(texts)} texts: {reason}. {_ADVICE}") from error


def _check_vectors(texts, returned):
    """The vectors at length 1; PolicylabError unless they are a matrix of real, finite numbers, without a row of zeros."""
    try:
        matrix = np.asarray(returned)
    except Exception as error:  # a tensor on another device, rows of unequal length
        raise PolicylabError(f"The encoder returned no matrix: {shorten_value(str(error))}. {_ADVICE}") from error
    if matrix.dtype.kind not in "fiub":
        raise PolicylabError(
            f"The encoder returned {type(returned).__name__} of {_name_kind(matrix)}, not of real numbers. {_ADVICE}"
        )
    if matrix.ndim != 2 or len(matrix) != len(texts) or not matrix.shape[1]:
        shape = " x ".join(map(str, matrix.shape)) or "a single number"
        raise PolicylabError(f"The encoder returned {shape} for {len(texts)} texts. {_ADVICE}")
    vectors = matrix.astype(float)
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    for wrong, what in ((~np.isfinite(length), "numbers that are NaN or infinite"), (length == 0, "zeros only")):
        if wrong.any():
            place = int(wrong.argmax())
            raise PolicylabError(
                f"The encoder returned {what} for {wrong.sum()} of {len(texts)} texts, such as "
                f"{shorten_value(texts[place].strip())!r}. {_ADVICE}"
            )
    return vectors / length


def _name_kind(matrix):
    names = {"c": "complex numbers", "U": "text", "S": "bytes", "O": "objects", "M": "dates", "m": "times"}
    return names.get(matrix.dtype.kind, str(matrix.dtype))
