"""Names of agencies."""

from collections.abc import Collection

import pandas as pd

from policylab.agencies.responsibilities import load_agencies


def gloss_agencies(agencies: Collection[str], language: str) -> dict[str, str]:
    """{agency: its name in figures}: the canonical name, or in English its gloss if the table of agencies has one.

    Agencies that share a gloss have their Chinese name added to it.

    >>> gloss_agencies(["科技处", "某处"], "en")
    {'科技处': 'Division of Science and Technology', '某处': '某处'}
    """
    if language != "en":
        return {agency: agency for agency in agencies}
    table = load_agencies().dropna(subset=["agency", "gloss_en"])
    glosses = table.drop_duplicates("agency").set_index("agency")["gloss_en"]
    names = {agency: glosses.get(agency, agency) for agency in agencies}
    shared = pd.Series(names).duplicated(keep=False)
    return {agency: f"{name} {agency}" if shared[agency] and name != agency else name for agency, name in names.items()}
