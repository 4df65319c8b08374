"""What terms are called in figures: Chinese as they are, or English by the glossary, and which terms it lacks."""

import pandas as pd

from policylab.base.arguments import check_language
from policylab.base.paths import GLOSSES
from policylab.language.labels import label
from policylab.words.lexicon import load_concepts, load_terms


def load_glosses(terms=None, concepts=None):
    """{term or concept: English gloss} of the dictionaries of terms and concepts and of the glossary of general words.

    `terms` and `concepts` are tables of load_terms and load_concepts; None are those that ship. Where several gloss a
    word, terms go before concepts and concepts before the general glossary.

    >>> load_glosses()["网络学习空间"]
    'online learning space'
    """
    terms = load_terms() if terms is None else terms
    concepts = load_concepts() if concepts is None else concepts
    general = pd.read_csv(GLOSSES, dtype="str", encoding="utf-8")
    columns = [(general, "word", "gloss_en"), (concepts, "concept", "concept_en"), (terms, "term", "gloss_en")]
    # A later dictionary overwrites what an earlier one says.
    return {word: gloss for table, key, value in columns for word, gloss in table[[key, value]].dropna().to_numpy()}


def gloss_terms(terms, language, glosses=None):
    """{term: its name in figures}; one without gloss stays Chinese, and two of one gloss show their Chinese.

    >>> gloss_terms(["网络安全", "某词"], "en"), gloss_terms(["网络安全"], "zh")
    ({'网络安全': 'cybersecurity', '某词': '某词'}, {'网络安全': '网络安全'})
    """
    check_language(language)
    terms = list(dict.fromkeys(terms))
    if language == "zh":
        return {term: term for term in terms}
    glosses = load_glosses() if glosses is None else glosses
    names = pd.Series({term: glosses.get(term, term) for term in terms}, dtype="object")
    shared = names.duplicated(keep=False)
    return {term: f"{name} {term}" if shared[term] and name != term else name for term, name in names.items()}


def list_unglossed(terms, glosses=None):
    """The terms without English gloss, sorted: figures in English show them in Chinese.

    >>> list_unglossed(["网络安全", "某词"])
    ['某词']
    """
    glosses = load_glosses() if glosses is None else glosses
    # Letters and digits are the same in both languages.
    return sorted({term for term in terms if term not in glosses and not term.isascii()})


def explain_no_band(compared, language):
    """Why no term of a comparison has a band, in plain words; None where some term has one."""
    if compared["low"].notna().any():
        return None
    reasons = compared["reason"].fillna("").astype(str)
    if reasons.str.contains("n_resamples=0").any():
        return label("no_deals", language)
    if reasons.str.contains("too few").any():
        return label("few_to_deal", language).format(unit=label(f"unit_{compared['unit'].iloc[0]}", language))
    return label("no_spread", language)
