"""No figure changes by accident: where everything is drawn, and how it looks, in sums that layout.csv keeps.

Other tests say what a figure must show; this one notices what they do not look at: a column that has moved, a line that is
thicker. Where a change is meant, copy the file that the message names to tests/layout.csv and look at the figures.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from marks import find_places, find_texts, list_artists
from matplotlib.collections import QuadMesh
from matplotlib.colors import to_rgb
from test_plots_topics import CORPUS, PLACES, SHARES, TERMS, TOPICS

import policylab as lab
from policylab.topics.model import Topics

LAYOUT = Path(__file__).with_name("layout.csv")
KEY = ["figure", "preset", "kind"]
ALIGNED = {"left": 0, "center": 1, "right": 2}


@pytest.fixture(scope="module")
def gallery(corpus, tokens, selection, trend, by_level, attention, compare, mentions):
    """{name: what draws the figure}, given a language. Intervals are fixed, so that other resamples move nothing."""
    plans, aligned = compare("chongqing-2019"), lab.recipes.align_pair(corpus, "fujian-2020")
    reuse = lab.measure_reuse(aligned.corpus, aligned.pairs)
    trend = trend.assign(rate_low=trend["rate"] * 0.8, rate_high=trend["rate"] * 1.2)
    compared = by_level.assign(
        low=by_level["log_odds"] - 4, high=by_level["log_odds"] + 4, apart=by_level["z"].abs() > 3
    )
    attention = attention.assign(low=attention["attention"] * 0.8, high=attention["attention"] * 1.2)
    consistency = lab.recipes.compare_consistency(tokens, selection, n_resamples=0).assign(
        low=0.5, high=0.9, random=0.8
    )
    consistency = consistency.assign(random_low=0.7, random_high=0.95, reason=None)
    counts = lab.count_terms(tokens, ["level"])
    counts = counts[counts["term"].isin(selection.vocabulary)].groupby("level", observed=True).head(12)
    choice = {"n_topics": [4, 6, 9], "cutoff": 0.5, "stable": [True, False, True], "recommended": [True, False, False]}
    for name, values in (("npmi", [0.3, 0.2, -0.1]), ("exclusivity", [0.7, 0.6, 0.8]), ("stability", [0.6, 0.4, 0.7])):
        choice |= {name: values, f"{name}_low": [v - 0.1 for v in values], f"{name}_high": [v + 0.1 for v in values]}
    labels = lab.label_topics(Topics(TERMS, SHARES), n=2)
    topics = TOPICS.assign(high=[0.9, 0.5])
    prevalence = lab.measure_prevalence(SHARES, n_resamples=0).assign(
        low=[0.1, 0.2, 0.5, 0.1], high=[0.8, 0.6, 0.9, 0.4]
    )
    crosstab, scores = lab.recipes.cross_sections(SHARES, PLACES)
    graph = lab.build_agency_network(mentions, "chongqing-2019")
    recipes = lab.recipes
    return {
        "agencies": lambda **to: lab.plot_agencies(mentions, corpus, "fujian-2020", **to),
        "agency_network": lambda **to: lab.plot_agency_network(graph, **to),
        "clouds": lambda **to: lab.plot_clouds(counts, **to),
        "comparison": lambda **to: lab.plot_comparison(compared, **to),
        "concepts": lambda **to: lab.plot_concepts(attention, corpus, "attention", **to),
        "consistency": lambda **to: lab.plot_consistency(consistency, corpus, **to),
        "coverage": lambda **to: lab.plot_coverage(aligned.all_pairs, corpus, **to),
        "documents": lambda **to: lab.plot_documents(corpus, **to),
        "links": lambda **to: lab.plot_links(aligned.pairs, corpus, **to),
        "reuse": lambda **to: lab.plot_reuse(reuse, aligned.pairs, corpus, **to),
        "score_matrix": lambda **to: lab.plot_score_matrix(aligned.pairs, corpus, **to),
        "sensitivity": lambda **to: recipes.plot_sensitivity(recipes.measure_sensitivity(corpus.paragraphs), **to),
        "sources": lambda **to: lab.plot_sources(plans.sources, corpus, **to),
        "strength": lambda **to: lab.plot_strength(plans.strength, corpus, **to),
        "structure": lambda **to: lab.plot_structure(corpus, **to),
        "targets": lambda **to: lab.plot_targets(plans.targets, corpus, **to),
        "topic_choice": lambda **to: recipes.plot_topic_choice(pd.DataFrame(choice), **to),
        "topic_prevalence": lambda **to: lab.plot_topic_prevalence(prevalence, topics, CORPUS, **to),
        "topic_sections": lambda **to: recipes.plot_topic_sections(crosstab, scores, topics, CORPUS, **to),
        "topic_stability": lambda **to: lab.plot_topic_stability(topics, **to),
        "topics": lambda **to: lab.plot_topics(labels, topics, **to),
        "trends": lambda **to: lab.plot_trends(trend, corpus.documents, **to),
    }


def sum_up(figure):
    """One row a kind of artist: how many, and sums of places (millimetres), sizes (points), colours and orders of drawing."""
    rows = [("page", 1, *figure.get_size_inches() * 25.4, 0, 0, 0)]
    for axes in figure.axes:
        for text in find_texts(axes):
            look = text.get_fontsize() + ALIGNED[text.get_ha()] + text.get_rotation() / 90
            rows.append(("text", *_sum(figure, text, [text.get_position()]), look, *_ink(text, text.get_color())))
    for _, line in list_artists(figure, "lines"):
        size = line.get_linewidth() + line.get_markersize() + line.get_markeredgewidth()
        colours = line.get_color(), line.get_markerfacecolor(), line.get_markeredgecolor()
        rows.append(("line", *_sum(figure, line, line.get_xydata()), size, *_ink(line, *colours)))
    for _, patch in list_artists(figure, "patches"):
        points = patch.get_transform().transform_path(patch.get_path()).vertices
        points = patch.axes.transData.inverted().transform(points)
        colours = patch.get_facecolor(), patch.get_edgecolor()
        rows.append(("patch", *_sum(figure, patch.axes, points), patch.get_linewidth(), *_ink(patch, *colours)))
    for i, area in list_artists(figure, "collections"):
        paths = (
            [area.get_coordinates().reshape(-1, 2)]
            if isinstance(area, QuadMesh)
            else [path.vertices for path in area.get_paths()]
        )
        points = np.concatenate([np.empty((0, 2)), *paths])
        look = sum(area.get_linewidth()), *_ink(area, *area.get_facecolor(), *area.get_edgecolor())
        rows.append(("area", *_sum(figure, figure.axes[i], points), *look))
    columns = ["kind", "n", "x", "y", "size", "colour", "order"]
    return pd.DataFrame(rows, columns=columns).groupby("kind", as_index=False).sum()


def _sum(figure, artist, points):
    places = [(x, y) for x, y in find_places(figure, artist, points) if x == x and y == y] if len(points) else []
    return len(places), sum(x for x, _ in places), sum(y for _, y in places)


def _ink(artist, *colours):
    """The sum of the colours, and the place in the order of drawing."""
    return sum(map(sum, map(to_rgb, colours))), artist.get_zorder()


def test_nothing_has_moved(gallery, tmp_path):
    parts = []
    for preset, language in (("nature", "en"), ("cn-journal", "zh")):  # the largest page and the smallest
        lab.use_preset(preset)
        for name, draw in gallery.items():
            parts.append(sum_up(draw(language=language)[0]).assign(figure=name, preset=preset))
    numbers = ["n", "x", "y", "size", "colour", "order"]
    drawn = pd.concat(parts)[[*KEY, *numbers]].round(2)
    drawn.to_csv(tmp_path / "layout.csv", index=False, lineterminator="\n")
    both = drawn.merge(pd.read_csv(LAYOUT), on=KEY, how="outer", suffixes=("", "_kept"))
    differ = [(both[name].fillna(0) - both[f"{name}_kept"].fillna(0)).abs() > 0.05 for name in numbers]
    moved = both[np.any(differ, axis=0)]
    assert moved.empty, (
        f"{', '.join(moved['figure'].unique())} no longer look as layout.csv has it:\n{moved.to_string(index=False)}\n"
        f"If this is meant, copy {tmp_path / 'layout.csv'} to {LAYOUT} and look at the figures."
    )


def test_layout_knows_every_figure(gallery):
    assert set(gallery) == {
        name.removeprefix("plot_") for name in (*dir(lab), *dir(lab.recipes)) if name.startswith("plot_")
    }
