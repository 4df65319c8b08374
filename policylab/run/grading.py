"""How far is a figure the same as before? By its bytes, else by its numbers and its picture."""

import math
from itertools import zip_longest

from policylab.base.csvrows import split_cells
from policylab.base.errors import PolicylabError
from policylab.output.folder import list_absent

# Numbers are saved with six decimals; processors differ by 1e-14 before rounding, so at most in the last of them.
ABSOLUTE = 2e-6
# Integers and large numbers as exactly as six digits say.
RELATIVE = 1e-6

# Root mean square of the differences between two pictures, in levels of 0-255. Chosen by judgement: about the effect of
# slightly softer edges of all letters. A number that moves is found in the numbers, not here.
RMS = 5.0

# Files with the same content as the bitmap. Any other file, such as a page of text, is the same only to the byte.
PICTURES = {".png", ".pdf", ".svg"}

# Differing numbers that are shown.
SHOWN = 5


def grade_figure(name, shipped, drawn, differences):
    """The grade of figure `name` and its reasons (a list of texts): how the files in two folders compare.

    IDENTICAL: the same bytes. EQUIVALENT: the numbers agree within 2e-6 or a millionth, texts exactly, and the pictures
    within a root mean square of 5 of 255 levels; .pdf and .svg may differ, other files may not. CHANGED: anything else;
    then a picture in the folder `differences` shows where, with the shipped figure in red, the new one in cyan, and what
    they share in grey. Shipped files that are absent because their kind is not committed are not compared.
    """
    kinds = sorted({path.suffix for folder in (shipped, drawn) for path in folder.glob(f"{name}.*")})
    kinds = [kind for kind in kinds if not list_absent(shipped, [f"{name}{kind}"])]
    contents = {kind: [_read(folder / f"{name}{kind}") for folder in (shipped, drawn)] for kind in kinds}
    missing = [f"{name}{kind} {_only(pair)}" for kind, pair in contents.items() if None in pair]
    if not missing and all(old == new for old, new in contents.values()):
        return "IDENTICAL", []
    reasons = list(missing)
    if ".csv" in contents and None not in contents[".csv"]:
        reasons += compare_numbers(*contents[".csv"])
    differing = [kind for kind, (old, new) in contents.items() if old != new]
    reasons += [
        f"{name}{kind} differs" for kind in differing if kind not in PICTURES and kind != ".csv" and not missing
    ]
    note = f"numbers equal; the bytes differ in {', '.join(differing)}"
    if ".png" in contents and None not in contents[".png"]:
        level = compare_pictures(shipped / f"{name}.png", drawn / f"{name}.png")
        note += f"; picture: RMS {level:.2f} of 255"
        if level > RMS:
            reasons.append(f"the picture differs: {_say_rms(level)}")
    if not reasons:
        return "EQUIVALENT", [note]
    if ".png" in contents and None not in contents[".png"]:
        reasons.append(f"see {_draw_difference(name, shipped, drawn, differences)}")
    return "CHANGED", reasons


def compare_numbers(old, new):
    """What differs between two CSV tables, given as bytes, beyond the tolerance: a list of texts, empty if nothing.

    >>> compare_numbers("term,n\\n数字,0.5\\n".encode(), "term,n\\n数字,0.75\\n".encode())
    ['row 2, n: 0.5 -> 0.75 (+0.25)']
    """
    before, after = _read_table(old), _read_table(new)
    if before is None or after is None:
        return [f"the {'shipped' if before is None else 'new'} table is not a CSV file in UTF-8"]
    if before[:1] != after[:1]:
        return [f"columns: {_header(before)} -> {_header(after)}"]
    if len(before) != len(after):
        return [f"rows: {len(before) - 1} -> {len(after) - 1}"]
    found = []
    for number, (first, second) in enumerate(zip(before, after, strict=True), 1):
        for column, was, now in zip_longest(before[0], first, second, fillvalue=""):
            if not _agree(was, now):
                found.append(f"row {number}, {column}: {was} -> {now}{_say_change(was, now)}")
    rest = [f"and {len(found) - SHOWN} more cells"] if len(found) > SHOWN else []
    return found[:SHOWN] + rest


def compare_pictures(old, new):
    """The root mean square of the differences between two bitmaps, in levels of 0-255; infinite if the sizes differ."""
    first, second = _pixels(old, "RGB"), _pixels(new, "RGB")
    if first.shape != second.shape:
        return math.inf
    return float(((first - second) ** 2).mean() ** 0.5)


def _read_table(content):
    """The rows of a CSV file, None if somebody changed it so that it is none any more."""
    try:
        rows, problems = split_cells(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None
    return None if problems else rows


def _header(rows):
    return ", ".join(rows[0]) if rows else "none"


def _agree(was, now):
    if was == now:
        return True
    try:
        return math.isclose(float(was), float(now), rel_tol=RELATIVE, abs_tol=ABSOLUTE)
    except ValueError:
        return False


def _say_change(was, now):
    try:
        return f" ({float(now) - float(was):+.6g})"
    except ValueError:
        return ""


def _say_rms(level):
    return "another size" if math.isinf(level) else f"RMS {level:.2f} of 255, more than {RMS:g}"


def _only(pair):
    return "is not among the shipped files" if pair[0] is None else "was not drawn"


def _read(path):
    return path.read_bytes() if path.exists() else None


def _pixels(path, mode):
    import numpy as np
    from PIL import Image

    try:
        with Image.open(path) as image:
            return np.asarray(image.convert(mode), dtype=float)
    except OSError as error:
        raise PolicylabError(f"{path} is not a picture that can be read ({error}).") from error


def _draw_difference(name, shipped, drawn, differences):
    import numpy as np
    from PIL import Image

    old, new = (_pixels(folder / f"{name}.png", "L") for folder in (shipped, drawn))
    height, width = (max(sizes) for sizes in zip(old.shape, new.shape, strict=True))
    canvas = np.full((height, width, 3), 255.0)
    # What only the shipped figure has darkens green and blue, so it is red; what only the new one has is cyan.
    canvas[: new.shape[0], : new.shape[1], 0] = new
    canvas[: old.shape[0], : old.shape[1], 1] = old
    canvas[: old.shape[0], : old.shape[1], 2] = old
    differences.mkdir(parents=True, exist_ok=True)
    path = differences / f"{name}.png"
    Image.fromarray(canvas.astype("uint8")).save(path)
    return path
