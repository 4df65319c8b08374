"""Years in words."""

COMMA = {"zh": "、", "en": ", "}


def name_years(years, language):
    """Years in words, runs of three or more as ranges.

    >>> name_years([2012, 2013, 2014, 2016], "en")
    '2012–2014, 2016'
    """
    runs = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else COMMA[language].join(map(str, run)) for run in runs]
    return COMMA[language].join(told)
