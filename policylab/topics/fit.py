"""Counts to factors: the three ways to fit a topic model, each a plain function on a sparse matrix of counts.

The input has a row for every unit and a column for every term. Every function returns (weights, loadings): topics x
terms and units x topics, both not negative. Rows come sorted from cast_matrix, so the order of the documents changes
nothing.
"""

import warnings

import numpy as np

from policylab.base.errors import PolicylabError

# docs/topics.md lists what was tried: on the 122 tasks of the four plans, ten topics, every setting ends between .57
# and .66 (mean Jaccard of matched ten first terms between two resamples of nine tenths, whole procedure; four sets of
# twelve resamples differ by .02). This one has .60, one factorization alone .54. With the loadings of the units held fixed
# and only the terms estimated again the best ranking with an NPMI of .34 or more has .78: that much these few texts allow.
# Resamples of a consensus: 30 gave .60, 50 .60, 100 .61.
N_RESAMPLES = 50
# Units in one resample: nine of ten, but no more than 1,000. A theme that 1,000 units do not show needs no topic of its
# own, and with the limit the time of a consensus hardly grows with the corpus. A share of .8 gave .59, and the model of all
# units was found again with .68 instead of .71.
RESAMPLE_SHARE, RESAMPLE_LIMIT = 0.9, 1000
# Factors of two resamples are the same topic up to this cosine distance (average linkage); .3 to .6 gave .61 to .63.
# Factoring resamples into twice as many topics and keeping the ten strongest gave up to .70, but topics of a few
# near-identical units each, which leave a third of the tasks without one: stability bought with content.
SAME_TOPIC = 0.45
# How exactly a resample is factored. The median over resamples evens out the rest; it takes a third of the time of
# 1e-3.
SAMPLE_TOLERANCE = 1e-2
# Digits that are kept. Other processors and thread counts change the 14th digit (measured), so six are safe from them.
DIGITS = 6


def weigh_counts(counts):
    """Square roots of counts times inverse unit frequency, each unit scaled to length 1.

    The root keeps one word that a unit repeats from deciding its topic; on the four plans it gave topics of higher NPMI
    than plain counts (.43 against .29) at equal stability.
    """
    from sklearn.feature_extraction.text import TfidfTransformer

    return TfidfTransformer().fit_transform(counts.astype(float).sqrt())


def factor(weighted, n_topics, tolerance=1e-3):
    """One non-negative factorization with a deterministic start (NNDSVD; Boutsidis & Gallopoulos 2008)."""
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    # The start needs a seed only for the numerical method behind it; the result does not depend on it beyond rounding.
    model = NMF(n_topics, init="nndsvda", max_iter=200, tol=tolerance, random_state=0)
    with warnings.catch_warnings():
        # Stopped after 200 rounds, a factor moves in digits that no table shows.
        warnings.simplefilter("ignore", ConvergenceWarning)
        loadings = model.fit_transform(weighted)
    return model.components_, loadings


def project(weighted, weights):
    """The loadings of the units on given topics, by non-negative least squares."""
    from sklearn.decomposition import non_negative_factorization
    from sklearn.exceptions import ConvergenceWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        weights = np.ascontiguousarray(weights)
        return non_negative_factorization(
            weighted, H=weights, n_components=len(weights), init="custom", update_H=False, max_iter=500, tol=1e-6
        )[0]


def fit_nmf(counts, n_topics, seed=None):
    """One factorization of all units. `seed` is not used: nothing is random."""
    return factor(weigh_counts(counts), n_topics)


def fit_lda(counts, n_topics, seed):
    """Latent Dirichlet allocation by variational Bayes over all units at once (Blei, Ng & Jordan 2003)."""
    from sklearn.decomposition import LatentDirichletAllocation

    # One process only: n_jobs=2 changes the topics in the second digit, because it updates in another order.
    model = LatentDirichletAllocation(n_topics, learning_method="batch", max_iter=50, random_state=seed, n_jobs=1)
    loadings = model.fit_transform(counts)
    # Units without any of the terms have no topic, though the prior gives them one.
    loadings[np.asarray(counts.sum(axis=1)).ravel() == 0] = 0
    return model.components_, loadings


def fit_consensus(counts, n_topics, seed):
    """The topics that factorizations of many resamples share (after Kotliar et al. 2019, consensus NMF, eLife 8:e43803).

    Resample units, factor each resample, put like factors of all resamples together, and keep the n_topics groups that
    explain most. The terms of a topic are the medians of its factors; the units are fitted to them last.
    """
    weighted = weigh_counts(counts)
    pool = _pool_factors(weighted, n_topics, seed)
    medians = _take_medians(pool, _group_factors(pool, n_topics))
    if len(medians) < n_topics:
        raise PolicylabError(
            f"{n_topics} topics were asked for, but only {len(medians)} differ in these {counts.shape[0]} units. Ask for fewer."
        )
    explained = np.round((project(weighted, medians) ** 2).sum(axis=0), DIGITS)
    kept = medians[np.argsort(-explained, kind="stable")[:n_topics]]
    return kept, project(weighted, kept)


def _pool_factors(weighted, n_topics, seed):
    """The factors of all resamples below each other, each scaled to length 1; sparse, because most of their cells are 0."""
    from joblib import Parallel, delayed
    from scipy.sparse import csr_array, vstack

    n_units, n_terms = weighted.shape
    size = max(min(int(RESAMPLE_SHARE * n_units), RESAMPLE_LIMIT), 1)
    n_factors = min(n_topics, size, n_terms)
    generator = np.random.default_rng(seed)
    samples = [np.sort(generator.choice(n_units, size, replace=False)) for _ in range(N_RESAMPLES)]
    pools = Parallel()(delayed(_factor_sample)(weighted[sample], n_factors) for sample in samples)
    pool = vstack([csr_array(part) for part in pools]).tocsr()
    return pool[np.flatnonzero(pool.sum(axis=1) > 0)]


def _factor_sample(weighted, n_factors):
    # Rounded before anything is compared, so that no group hangs on the last digits of a processor.
    return np.round(scale_rows(factor(weighted, n_factors, SAMPLE_TOLERANCE)[0]), DIGITS)


def _group_factors(pool, n_topics):
    """The group of every factor: average linkage, cut at SAME_TOPIC, or as low as n_topics groups need."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = np.clip(np.round(1 - (pool @ pool.T).toarray(), DIGITS), 0, None)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    groups = fcluster(tree, SAME_TOPIC, "distance")
    return groups if groups.max() >= n_topics else fcluster(tree, n_topics, "maxclust")


def _take_medians(pool, groups):
    """The median factor of every group, the largest groups first; empty ones, whose factors share no term, are left out."""
    sizes = np.bincount(groups)[1:]
    order = 1 + np.argsort(-sizes, kind="stable")
    medians = np.array([np.median(pool[np.flatnonzero(groups == group)].toarray(), axis=0) for group in order])
    return scale_rows(medians[medians.any(axis=1)])


def scale_rows(rows):
    """Rows of length 1; a row of zeros stays one."""
    lengths = np.sqrt((rows**2).sum(axis=1, keepdims=True))
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)


def fit_seeded(counts, seeds):
    """Factors held by seed words: `seeds` is a matrix topics x terms, 1 where a word belongs to a topic.

    A seed word can load on its own topics only; all other words are free. Multiplicative updates keep a weight that
    starts at zero there, so the start is the whole constraint and nothing is random (Lee & Seung 2001).
    """
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    weighted = weigh_counts(counts)
    # A free word starts with the same small weight everywhere, a hundredth of a seed word's: the data move it.
    start = np.where(seeds.any(axis=0), seeds, 0.01).astype(float)
    loadings = np.asarray(weighted @ seeds.T) + 0.01
    model = NMF(len(seeds), init="custom", solver="mu", max_iter=500, tol=1e-5)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        loadings = model.fit_transform(weighted, W=loadings, H=scale_rows(start))
    return model.components_, loadings
