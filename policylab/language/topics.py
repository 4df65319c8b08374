"""Names of topics."""

import os

import pandas as pd

from policylab.base.datafile import read_datafile
from policylab.language.labels import label
from policylab.language.sentences import join, say
from policylab.language.terms import gloss_terms
from policylab.topics.model import Topics
from policylab.topics.units import FEWEST_UNITS


def name_topics(topics, language="zh", glosses=None, n_terms=3):
    """{topic: its name in figures}: its number, then its name if it has one, otherwise its first terms.

    >>> topics = pd.DataFrame({"topic": [1], "top_terms": ["网络安全、系统、应急、通报"]})
    >>> name_topics(topics, n_terms=2), name_topics(topics.assign(zh="安全", en="Security"), "en")
    ({1: '1 网络安全、系统'}, {1: '1 Security'})
    """
    first = [text.split("、")[:n_terms] for text in topics["top_terms"]]
    names = gloss_terms([term for terms in first for term in terms], language, glosses)
    listed = [join((names[term] for term in terms), language) for terms in first]
    named = topics[language] if language in topics else listed
    return {topic: f"{topic} {name}" for topic, name in zip(topics["topic"], named, strict=True)}


def mark_topics(topics, language="zh"):
    """{topic: what is put behind its name}: that it is unstable, and in how few units it is the main topic.

    >>> mark_topics(pd.DataFrame({"topic": [1, 2], "stable": [True, False], "n_main": [9, 3]}), "en")
    {1: '', 2: ' (unstable) (3 units)'}
    """
    marks = {}
    for row in topics[["topic", "stable", "n_main"]].itertuples():
        few = say("mark_topics.few", language, n=row.n_main) if row.n_main < FEWEST_UNITS else ""
        marks[row.topic] = ("" if row.stable else label("unstable_mark", language)) + few
    return marks


def load_topic_labels(path: str | os.PathLike, model: Topics) -> pd.DataFrame:
    """Load your own names for the topics of a model: one row is a topic of the model.

    Parameters
    ----------
    path : path
        A CSV file. A row is a topic: `topic`, `term` (the first term of the topic, as a check), `zh` and `en`.
    model : Topics
        The topics, as fit_topics gives them.

    Returns
    -------
    DataFrame
        `topic`, `zh`, `en`. A topic that the file does not name is called by its first three terms, in English by their
        glosses.

    Raises
    ------
    PolicylabError
        One message with all problems of the file; also where a topic no longer begins with the term that the file gives,
        because another corpus or number of topics has other topics under the same numbers.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from policylab.topics.model import Topics
    >>> terms = pd.DataFrame({"topic": [1, 2], "rank": 1, "term": ["教师", "网络安全"], "weight": 1.0})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "names.csv"
    ...     size = path.write_text("topic,term,zh,en\\n1,教师,教师培训,Teacher training\\n", encoding="utf-8")
    ...     load_topic_labels(path, Topics(terms, None))["en"].tolist()
    ['Teacher training', 'cybersecurity']
    """
    first = {
        str(topic): term for topic, term in model.terms.loc[model.terms["rank"] == 1, ["topic", "term"]].to_numpy()
    }

    def check(cells):
        topic, term = cells["topic"], cells["term"]
        if topic is not None and topic not in first:
            yield "topic", f"{topic!r} is no topic of the model. Use one of {', '.join(first)}."
        elif topic and term and term != first[topic]:
            yield "term", f"topic {topic} begins with {first[topic]}, not {term}. Read its texts again and rename it."

    named = read_datafile(path, ["topic", "term", "zh", "en"], key=["topic"], check=check)
    named.index = named["topic"].astype(int)
    own = model.terms[model.terms["rank"] <= 3].sort_values(["topic", "rank"])
    glosses = gloss_terms(own["term"], "en")
    by_topic = own.assign(gloss=own["term"].map(glosses)).groupby("topic")
    table = by_topic.agg(zh=("term", list), en=("gloss", list)).reset_index()
    for language in ("zh", "en"):
        terms = [join(own, language) for own in table[language]]
        table[language] = table["topic"].map(named[language]).fillna(dict(enumerate(terms))).astype("str")
    return table
