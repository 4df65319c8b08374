"""Boundary F1 of the segmentation on the sentences in data/gold/segmentation-200.csv, and how far two annotators agree.

    python benchmarks/segmentation.py            policylab with and without its lexicon, and plain jieba
    python benchmarks/segmentation.py thulac     another segmenter that is installed: snownlp, thulac or pkuseg

Only boundaries between two letters, digits or characters count: beside a mark every segmenter is right. White space is
left out of the sentences.
"""

import sys

sys.path.pop(0)  # this folder holds a tokenize.py, which must not stand before Python's own

import csv  # noqa: E402
import re  # noqa: E402
from pathlib import Path  # noqa: E402

GOLD = Path(__file__).resolve().parent.parent / "data" / "gold"


def read_gold(name):
    with open(GOLD / name, encoding="utf-8", newline="") as file:
        return [(re.sub(r"\s", "", row["text"]), row["words"].split("|")) for row in csv.DictReader(file)]


def boundaries(words, text):
    """Offsets at which one word ends and the next begins, between two letters, digits or characters."""
    found, at = set(), 0
    for word in words[:-1]:
        at += len(word)
        if text[at - 1].isalnum() and text[at].isalnum():
            found.add(at)
    return found


def score(cut, sentences):
    """Precision, recall and F1 of the boundaries, and the share of sentences without an error."""
    hits = ours = golds = faultless = 0
    for text, words in sentences:
        cut_words = list(cut(text))
        if "".join(cut_words) != text:
            raise SystemExit(f"The words do not give the sentence back: {text}")
        found, gold = boundaries(cut_words, text), boundaries(words, text)
        hits, ours, golds = hits + len(found & gold), ours + len(found), golds + len(gold)
        faultless += found == gold
    precision, recall = hits / ours, hits / golds
    return precision, recall, 2 * precision * recall / (precision + recall), faultless / len(sentences)


def agree(first, second):
    """(places where a boundary could stand, share decided alike, Cohen's kappa) of two annotations of the same sentences."""
    table = [[0, 0], [0, 0]]
    for (text, one), (_, other) in zip(first, second, strict=True):
        ours, theirs = boundaries(one, text), boundaries(other, text)
        for at in boundaries(list(text), text):
            table[at in ours][at in theirs] += 1
    n = sum(map(sum, table))
    alike = (table[0][0] + table[1][1]) / n
    chance = sum(sum(table[i]) * (table[0][i] + table[1][i]) for i in (0, 1)) / n**2
    return n, alike, (alike - chance) / (1 - chance)


def load_segmenters(names):
    if not names:
        import jieba

        from policylab.words.segmenter import Segmenter

        jieba.setLogLevel(60)
        return {
            "jieba": jieba.lcut,
            "policylab without lexicon": Segmenter([]),
            "policylab": Segmenter(),
            "policylab without hmm": Segmenter(hmm=False),
        }
    segmenters = {}
    if "snownlp" in names:
        from snownlp import SnowNLP

        segmenters["snownlp"] = lambda text: SnowNLP(text).words
    if "thulac" in names:
        import thulac

        tagger = thulac.thulac(seg_only=True)
        segmenters["thulac"] = lambda text: [word for word, _ in tagger.cut(text)]
    if "pkuseg" in names:
        import pkuseg

        segmenters["pkuseg"] = pkuseg.pkuseg().cut
    return segmenters


def main():
    sentences, second = read_gold("segmentation-200.csv"), read_gold("segmentation-200-second.csv")
    print(f"{len(sentences)} sentences, {sum(len(boundaries(words, text)) for text, words in sentences)} boundaries")
    n, alike, kappa = agree(sentences, second)
    print(f"Two annotators decide {alike:.1%} of {n} places alike, Cohen's kappa {kappa:.3f}")
    for name, cut in load_segmenters(sys.argv[1:]).items():
        precision, recall, f1, faultless = score(cut, sentences)
        print(
            f"{name:28} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  sentences without error {faultless:.0%}"
            f"  F1 against the second annotator {score(cut, second)[2]:.3f}"
        )


if __name__ == "__main__":
    main()
