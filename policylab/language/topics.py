"""Names of topics."""

from policylab.base.datafile import read_datafile
from policylab.language.terms import gloss_terms


def name_topics(topics, language="zh", glosses=None, n_terms=3):
    """{topic: what figures call it}: its number, then its name if it has one, otherwise its first terms.

    >>> import pandas as pd
    >>> topics = pd.DataFrame({"topic": [1], "top_terms": ["网络安全、系统、应急、通报"]})
    >>> name_topics(topics, n_terms=2), name_topics(topics.assign(zh="安全", en="Security"), "en")
    ({1: '1 网络安全、系统'}, {1: '1 Security'})
    """
    first = [text.split("、")[:n_terms] for text in topics["top_terms"]]
    names = gloss_terms([term for terms in first for term in terms], language, glosses)
    joint = {"zh": "、", "en": ", "}[language]
    listed = [joint.join(names[term] for term in terms) for terms in first]
    named = topics[language] if language in topics else listed
    return {topic: f"{topic} {name}" for topic, name in zip(topics["topic"], named, strict=True)}


def load_topic_labels(path, model):
    """Names of one's own for the topics of a model, from a CSV.

    A row of the file is a topic: `topic`, `term` (the first term of the topic, as a check), `zh` and `en`. A row of the
    result is a topic of the model: `topic`, `zh`, `en`; a topic without a name is called by its first three terms, in English
    by their glosses.

    Raises PolicylabError with all problems of the file; also where a topic no longer begins with the term that the file
    gives, because another corpus or number of topics has other topics under the same numbers.
    """
    first = model.terms[model.terms["rank"] == 1].set_index("topic")["term"]

    def check(cells):
        topic = cells["topic"]
        if topic is None or not topic.isdecimal() or int(topic) not in first.index:
            return [("topic", f"{topic!r} is no topic of the model. Use {first.index.min()} to {first.index.max()}.")]
        if cells["term"] != first[int(topic)]:
            return [
                (
                    "term",
                    f"topic {topic} begins with {first[int(topic)]}, not {cells['term']}. Read it again and name it anew.",
                )
            ]
        return []

    named = read_datafile(path, ["topic", "term", "zh", "en"], key="topic", check=check)
    named.index = named["topic"].astype(int)
    own = model.terms[model.terms["rank"] <= 3].sort_values(["topic", "rank"])
    glosses = gloss_terms(own["term"], "en")
    by_topic = own.assign(gloss=own["term"].map(glosses)).groupby("topic")
    table = by_topic.agg(zh=("term", "、".join), en=("gloss", ", ".join)).reset_index()
    for language in ("zh", "en"):
        table[language] = table["topic"].map(named[language]).fillna(table[language]).astype("str")
    return table
