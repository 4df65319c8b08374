"""What test modules share: the shipped corpus and what is measured on it, made once and only read; small corpora."""

import warnings
from functools import cache

import pytest

import policylab as lab

N_RESAMPLES = 40  # for what is drawn or shown: enough for an interval, few enough to be quick


@pytest.fixture(scope="session")
def corpus():
    return lab.load_corpus()


@pytest.fixture(scope="session")
def corpus_all():
    return lab.load_corpus(versions="all")


@pytest.fixture(scope="session")
def tokens(corpus):
    return lab.tokenize(corpus)


@pytest.fixture(scope="session")
def selection(tokens, corpus):
    return lab.recipes.choose_selection(tokens, corpus)


@pytest.fixture(scope="session")
def trend(tokens, selection):
    return lab.measure_trend(tokens, selection.terms, ["level", "year"])


@pytest.fixture(scope="session")
def by_level(tokens, selection):
    return lab.recipes.compare_levels(tokens, selection, n_resamples=N_RESAMPLES)


@pytest.fixture(scope="session")
def attention(tokens):
    return lab.measure_attention(tokens)


@pytest.fixture(scope="session")
def pairs(corpus):
    """The tasks of the plan of one year with the centre's."""
    return lab.align_tasks(corpus, "chongqing-2019", "national-2019")


@pytest.fixture(scope="session")
def compare(corpus):
    """Everything that notebook 05 compares, of a document with the plan that is chosen for it."""
    return cache(lambda document_id: lab.recipes.compare_plans(corpus, document_id))


@pytest.fixture(scope="session")
def mentions(corpus):
    return lab.list_agencies(corpus)


@pytest.fixture(scope="session")
def load(tmp_path_factory):
    """Make a corpus of small documents, each (document_id, level, region, year, text) and perhaps the issuer."""

    def build(*documents):
        folder, rows = tmp_path_factory.mktemp("corpus"), ["document_id,file,level,region,year,title,issuer"]
        for name, level, region, year, text, *issuer in documents:
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
            rows.append(f"{name},{name}.txt,{level},{region},{year},题{name},{''.join(issuer)}")
        (folder / "catalog.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", lab.PolicylabWarning)  # that documents are alike is often the point
            return lab.load_corpus(folder)

    return build


@pytest.fixture(autouse=True)
def _nature_again():
    """A test may draw for any journal; the next one starts from the default."""
    yield
    lab.use_preset("nature")
