"""Names of agencies."""

import pandas as pd

from policylab.agencies.responsibilities import load_agencies


def gloss_agencies(units, language, table=None):
    """{unit: its name in figures}: the canonical name, in English the gloss of the table of units where it has one.

    Units that share a gloss get their Chinese name behind it.

    >>> gloss_agencies(["科技处", "某处"], "en")
    {'科技处': 'Division of Science and Technology', '某处': '某处'}
    """
    if language != "en":
        return {unit: unit for unit in units}
    table = load_agencies() if table is None else table
    glosses = table.dropna(subset=["unit", "gloss_en"]).drop_duplicates("unit").set_index("unit")["gloss_en"]
    names = {unit: glosses.get(unit, unit) for unit in units}
    shared = pd.Series(names).duplicated(keep=False)
    return {unit: f"{name} {unit}" if shared[unit] and name != unit else name for unit, name in names.items()}
