"""Years in words."""

from policylab.language.sentences import join


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
    parts = [join([run[0], run[-1]], language, "list.range") if len(run) > 2 else join(run, language) for run in runs]
    return join(parts, language)


def name_period(first, last, language):
    """A year, or the years from one to another.

    >>> name_period(2021, 2021, "zh"), name_period(2021, 2025, "en")
    ('2021', '2021–2025')
    """
    return str(first) if first == last else join([first, last], language, "list.range")
