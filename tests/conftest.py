"""The shipped corpus, loaded once for all tests."""

import pytest

import policylab as lab


@pytest.fixture(scope="session")
def corpus():
    return lab.load_corpus()


@pytest.fixture(scope="session")
def corpus_all():
    return lab.load_corpus(versions="all")


@pytest.fixture(autouse=True)
def _nature_again():
    """A test may draw for any journal; the next one starts from the default."""
    yield
    lab.use_preset("nature")
