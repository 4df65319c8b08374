"""Names of terms in figures: Chinese as they are, English by the glossary; and the terms without a gloss."""

import pandas as pd

from policylab.base.arguments import check_language
from policylab.base.columns import need_columns
from policylab.base.datafile import read_datafile
from policylab.base.paths import GLOSSES
from policylab.language.labels import label
from policylab.words.lexicon import load_concepts, load_terms


def load_glosses(terms: pd.DataFrame | None = None, concepts: pd.DataFrame | None = None) -> dict[str, str]:
    """Load the English glosses of terms, of concepts and of general words, as {word: gloss}.

    Parameters
    ----------
    terms, concepts : DataFrame, optional
        Tables of load_terms and load_concepts. By default those that ship.

    Returns
    -------
    dict
        Where several tables gloss a word, terms go before concepts and concepts before the general glossary.

    Raises
    ------
    PolicylabError
        If a table has another form.

    Examples
    --------
    >>> load_glosses()["网络学习空间"]
    'online learning space'
    """
    terms = load_terms() if terms is None else terms
    concepts = load_concepts() if concepts is None else concepts
    need_columns(terms, ["term", "gloss_en"], "terms")
    need_columns(concepts, ["concept", "concept_en"], "concepts")
    general = read_datafile(GLOSSES, ["word", "gloss_en"], key=["word"])
    columns = [(general, "word", "gloss_en"), (concepts, "concept", "concept_en"), (terms, "term", "gloss_en")]
    # Later glosses replace earlier ones.
    glosses = {word: gloss for table, key, value in columns for word, gloss in table[[key, value]].dropna().to_numpy()}
    if "canonical" in terms:
        # A canonical form may have its gloss in the row of a variant.
        variants = terms[["canonical", "gloss_en", "term"]].dropna().sort_values("term")
        glosses |= {name: gloss for name, gloss, _ in variants[::-1].to_numpy() if name not in glosses}
    return glosses


def gloss_terms(terms, language, glosses=None):
    """{term: its name in figures}; terms without a gloss stay in Chinese, and terms with one gloss in common show both.

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
    """The terms without an English gloss, sorted; figures in English show them in Chinese.

    >>> list_unglossed(["网络安全", "某词"])
    ['某词']
    """
    glosses = load_glosses() if glosses is None else glosses
    # Letters and digits are the same in both languages.
    return sorted({term for term in terms if term not in glosses and not term.isascii()})


def explain_no_band(compared, language):
    """Why no term of a comparison has a band; None if a term has one."""
    if compared["low"].notna().any():
        return None
    reasons = compared["reason"].fillna("").astype(str)
    if reasons.str.contains("n_resamples=0").any():
        return label("no_splits", language)
    if reasons.str.contains("too few").any():
        return label("few_to_split", language).format(unit=label(f"unit_{compared['unit'].iloc[0]}", language))
    return label("no_spread", language)
