"""What a command means: which notebooks, parameters and folder. Refuses what no notebook can take."""

from dataclasses import dataclass
from pathlib import Path

from policylab.base import paths
from policylab.base.arguments import LANGUAGES, check_language
from policylab.base.errors import PolicylabError, list_problems, shorten_value, suggest
from policylab.base.notebooks import find_notebooks
from policylab.corpus.tablecatalog import find_source
from policylab.plots.kit.presets import DEFAULT, check_preset
from policylab.run.parameters import check_values, find_fault, parse_value, read_parameters
from policylab.run.staleness import Run
from policylab.run.study import STUDY, Study, load_study

# Parameters that reproduce() takes by name, with the option of the command line that sets them.
OPTIONS = {"catalog": "--catalog", "out": "--out", "language": "--language", "preset": "--preset"}

# What a study says of them instead.
OF_STUDY = {
    "catalog": "write catalog = at the top of the file",
    "out": "use --out",
    "language": "write languages = at the top of the file",
    "preset": "write preset = at the top of the file",
}


@dataclass(frozen=True)
class Plan:
    """The runs of a command, the folder for their figures and the one for the executed notebooks."""

    runs: list
    folder: Path
    notebooks: Path
    study: Study | None = None


def make_plan(notebooks=(), parameters=None, out=None, catalog=None, languages=None, study=None, preset=None):
    """The Plan for the arguments of reproduce(), which says what they mean.

    Raises PolicylabError if a notebook is not found, a parameter is unknown or has the wrong type, or the catalog or
    the study cannot be used.
    """
    asked = {"catalog": catalog, "out": out, "preset": preset}
    study = _find_study(study, catalog)
    own = bool(study) and study.path.parent != paths.ROOT
    if own:
        notebooks = study.locate(map(str, notebooks)) or study.notebooks
        catalog = catalog or study.catalog
        out = out or study.path.parent / "figures"
    files = find_notebooks(notebooks)
    declared = {file: read_parameters(file) for file in files}
    languages = languages or (study.languages if study else LANGUAGES)
    for language in languages:
        check_language(language)
    if len(set(languages)) < len(languages):
        raise PolicylabError(f"languages = {list(languages)}: a language is named twice. Keep one.")
    given = dict(parameters or {})
    _refuse([f"{name}: {fault}" for name, value in given.items() if (fault := find_fault(value))])
    _check_parameters(declared, given, asked)
    if study:
        _check_study_parameters(study, declared)
    preset = preset or (study.preset if study else DEFAULT)
    check_preset(preset)
    if catalog:
        given["catalog"] = str(find_source(catalog).resolve())
    folder, kept = _choose_folders(out, given.get("catalog"))
    if folder != paths.FIGURES:
        given["out"] = str(folder)

    runs = []
    for file in files:
        defaults = {parameter.name: parameter.default for parameter in declared[file]}
        settled = (study.parameters.get(file.stem, {}) if study else {}) | given
        for language in languages if "language" in defaults else [None]:
            settled |= {"language": language, "preset": preset}
            values = {name: value for name, value in settled.items() if name in defaults}
            runs.append(Run(file, language, values, defaults | values))
    _check_names(runs)
    return Plan(runs, folder, kept, study)


def _find_study(study, catalog):
    """The study that is meant: without one the project's own, unless it is not about its corpus."""
    if study:
        return load_study(study)
    return None if catalog or not (paths.ROOT / STUDY).exists() else load_study()


def _check_study_parameters(study, declared):
    known = dict.fromkeys(Path(name).stem for name in [*declared, *study.notebooks, *find_notebooks()])
    problems = [
        f"[parameters.{name}]: no notebook of this name. {suggest(name, known)}"
        for name in study.parameters
        if name not in known
    ]
    for file, parameters in declared.items():
        values = study.parameters.get(file.stem, {})
        problems += check_values(file.name, parameters, values)
        problems += [
            f"{file.name}: {name} = {values[name]!r}: is not set like this; {OF_STUDY[name]}."
            for name in values
            if name in OF_STUDY
        ]
    _refuse([f"{study.path}: {problem}" for problem in problems])


def read_settings(notebooks, settings):
    """The parameters that a command line's `name=value` texts mean for the notebooks, {name: value}.

    Raises PolicylabError, with all problems in one message, for texts that no notebook can take.

    >>> read_settings(["02_terms"], ["n_terms=20", "terms=[\\"数字\\"]"])  # doctest: +SKIP
    {'n_terms': 20, 'terms': ['数字']}
    """
    declared = {file: read_parameters(file) for file in find_notebooks(notebooks)}
    known = {parameter.name: parameter for parameters in declared.values() for parameter in parameters}
    values, problems = {}, []
    for setting in settings:
        name, equals, text = setting.partition("=")
        name = name.strip()
        if not equals:
            problems.append(f"--set {shorten_value(setting)}: expected name=value.")
        elif name in OPTIONS:
            problems.append(f"--set {shorten_value(setting)}: use {OPTIONS[name]} {shorten_value(text)}.")
        elif name not in known:
            problems.append(_unknown(declared, name, shorten_value(text)))
        else:
            try:
                values[name] = parse_value(text, known[name])
            except PolicylabError as error:
                problems.append(f"{_list_names(declared, name)}: {name} = {shorten_value(text)}: {error}")
    _refuse(problems)
    return values


def _check_parameters(declared, given, options):
    names = {parameter.name for parameters in declared.values() for parameter in parameters}
    asked = given | {name: str(value) for name, value in options.items() if value}
    problems = [_unknown(declared, name, repr(value)) for name, value in asked.items() if name not in names]
    for name in [name for name in given if name in OPTIONS]:
        problems.append(f"{name} = {given[name]!r}: is not set like this; use the argument or option {OPTIONS[name]}.")
    for file, parameters in declared.items():
        mine = {parameter.name for parameter in parameters}
        problems += check_values(file.name, parameters, {name: value for name, value in given.items() if name in mine})
    _refuse(problems)


def _check_names(runs):
    known = {}
    for run in runs:
        other = known.setdefault(run.name, run.notebook)
        if other != run.notebook:
            _refuse([f"{other} and {run.notebook} have the same name, so one would replace the other. Rename one."])


def _refuse(problems):
    if problems:
        raise PolicylabError(list_problems("Nothing was run.", problems))


def _unknown(declared, name, value):
    known = dict.fromkeys(parameter.name for parameters in declared.values() for parameter in parameters)
    return f"{_list_names(declared)}: {name} = {value}: unknown parameter. {suggest(name, list(known))}"


def _list_names(declared, name=None):
    """The notebooks, or those of them that declare the parameter `name`."""
    known = {file.name: {parameter.name for parameter in parameters} for file, parameters in declared.items()}
    return ", ".join(file for file, names in known.items() if name is None or name in names)


def _choose_folders(out, catalog):
    """Where the figures go and where the executed notebooks."""
    if out:
        try:
            folder = Path(out).resolve()
            folder.exists()
        except (OSError, ValueError) as error:  # too long a name, a zero byte in it
            raise PolicylabError(f"out = {shorten_value(str(out))!r} cannot be a folder: {error}.") from None
    elif catalog and Path(catalog) != paths.CATALOG.resolve():
        folder = Path(catalog).parent / "figures"
    elif paths.ROOT == paths.PACKAGE:
        # Installed without a checkout: the package's own folder is no place for figures.
        folder = Path.cwd() / "figures"
    else:
        folder = paths.FIGURES
    return folder, paths.BUILD / "notebooks" if folder == paths.FIGURES else folder / "notebooks"
