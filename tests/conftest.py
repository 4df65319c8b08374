"""The shipped corpus, loaded once for all tests."""

import pytest

import policylab as lab


@pytest.fixture(scope="session")
def corpus():
    return lab.load_corpus()


@pytest.fixture(scope="session")
def corpus_all():
    return lab.load_corpus(versions="all")
