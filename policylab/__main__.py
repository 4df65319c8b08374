"""The command line, `policylab COMMAND`. What is heavy is imported where it is used."""

import argparse
import os
import sys
import warnings

from policylab.base.errors import PolicylabError, PolicylabWarning
from policylab.plots.kit.presets import load_presets

OWN_CATALOG = "catalog of your own corpus, or a table with one document a row; default: the one that ships"


def main(arguments=None):
    """Run a command; return the exit status.

    0: all is well. 1: figures are not what they should be. 2: the input is at fault, and one message on stderr explains it.
    """
    options = _build_parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console without Chinese must not stop the work
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", PolicylabWarning)
            warnings.showwarning = _show_warning
            status = options.run(options) or 0
        sys.stdout.flush()
        return status
    except PolicylabError as error:
        print(f"policylab: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of the output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # Python flushes it once more at its end
        return 141
    except KeyboardInterrupt:
        print("policylab: interrupted", file=sys.stderr)
        return 130


def _build_parser():
    parser = argparse.ArgumentParser(prog="policylab", description="Read Chinese policy documents quantitatively.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    reproduce = commands.add_parser("reproduce", help="run notebooks whose figures are not up to date")
    _add_plan(reproduce)
    reproduce.add_argument("--force", action="store_true", help="run also those that are up to date")
    reproduce.add_argument("--jobs", type=int, default=1, metavar="N", help="notebooks that run at a time; default: 1")
    reproduce.set_defaults(run=_reproduce)

    status = commands.add_parser("status", help="say which figures are stale, and what changed; runs nothing")
    _add_plan(status)
    status.set_defaults(run=_show_status)

    verify = commands.add_parser("verify", help="compare the figure files with the manifest; --rerun: with a new run")
    _add_plan(verify)
    verify.add_argument("--rerun", action="store_true", help="run the notebooks elsewhere and grade every figure")
    verify.add_argument("--jobs", type=int, default=1, metavar="N", help="for --rerun: notebooks that run at a time")
    verify.set_defaults(run=_verify)

    new = commands.add_parser("new", help="write the folder of a study of your own, with an example to replace")
    new.add_argument("folder", metavar="DIR")
    new.set_defaults(run=_write_study)

    ingest = commands.add_parser("ingest", help="make a study of a folder of Word, PDF, HTML, Excel and text files")
    ingest.add_argument("source", metavar="SOURCE", help="a folder, a file, or a table with one document a row")
    ingest.add_argument(
        "--out", required=True, metavar="STUDY", help="folder of the study; one that is there is added to"
    )
    ingest.add_argument(
        "--column",
        action="append",
        default=[],
        metavar="ROLE=NAME",
        help="which column of a table holds what: text=正文",
    )
    ingest.set_defaults(run=_ingest)

    params = commands.add_parser("params", help="list the parameters of a notebook")
    params.add_argument("notebook", metavar="NOTEBOOK", help="name or path")
    params.set_defaults(run=_list_parameters)

    cite = commands.add_parser("cite", help="print references for the documents, methods and software of notebooks")
    cite.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="name or path; default: all in notebooks/")
    cite.add_argument("--format", choices=["bibtex", "gbt7714"], default="bibtex", help="default: bibtex")
    cite.add_argument("--catalog", metavar="PATH", help=OWN_CATALOG)
    cite.set_defaults(run=_cite)

    check = commands.add_parser("check", help="load a corpus and say what was read")
    check.add_argument("--catalog", metavar="PATH", help=OWN_CATALOG)
    check.set_defaults(run=_check)
    return parser


def _add_plan(command):
    command.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="name or path; default: all in notebooks/")
    command.add_argument("--study", metavar="DIR", help="folder of a study of your own, with its figures.toml; see new")
    command.add_argument("--catalog", metavar="PATH", help=OWN_CATALOG)
    command.add_argument(
        "--out", metavar="DIR", help="folder for the figures; default: figures/ or beside your catalog"
    )
    command.add_argument(
        "--language", choices=["zh", "en", "both"], help="of labels; default: both, or as in the study"
    )
    command.add_argument(
        "--preset", choices=list(load_presets()), help="journal that the figures are for; default: as in the study"
    )
    command.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter; see params")


def _reproduce(options):
    from policylab.run.reproduce import run_plan

    run_plan(_plan(options), options.force, options.jobs)


def _show_status(options):
    from policylab.run.reproduce import check_plan

    changes = check_plan(_plan(options))
    width = max(len(run.name) for run, _ in changes)
    for run, changed in changes:
        state = "; ".join(changed) if changed else "up to date"
        state = f"stale: {state}" if changed and changed != ["never run"] else state
        print(f"{run.name:{width}}  {state}")
    return int(any(changed for _, changed in changes))


def _verify(options):
    from policylab.run.verify import rerun, verify

    plan = _plan(options)
    if options.rerun:
        return int(not rerun(plan, options.jobs))
    return int(not verify(plan.folder))


def _write_study(options):
    from policylab.run.study import quote_argument, write_study

    print(*write_study(options.folder), sep="\n")
    print(f"Draw its figures with: policylab reproduce --study {quote_argument(options.folder)}")


def _ingest(options):
    from policylab.intake.ingest import ingest
    from policylab.intake.summary import describe_study

    wrong = [pair for pair in options.column if "=" not in pair]
    if wrong:
        raise PolicylabError(f"--column {wrong[0]}: expected ROLE=NAME, such as text=正文.")
    columns = dict(pair.split("=", 1) for pair in options.column)
    print(*describe_study(ingest(options.source, options.out, columns=columns)), sep="\n")


def _plan(options):
    from policylab.base.arguments import LANGUAGES
    from policylab.run.planning import make_plan, read_settings
    from policylab.run.study import load_study

    notebooks = options.notebooks
    if options.study:
        study = load_study(options.study)
        notebooks = study.locate(notebooks) or study.notebooks
    parameters = read_settings(notebooks, options.set)
    languages = LANGUAGES if options.language == "both" else [options.language] if options.language else None
    return make_plan(notebooks, parameters, options.out, options.catalog, languages, options.study, options.preset)


def _list_parameters(options):
    from policylab.base.notebooks import find_notebooks
    from policylab.run.parameters import read_parameters

    parameters = read_parameters(find_notebooks([options.notebook])[0])
    defaults = [repr(parameter.default) for parameter in parameters]
    first, third = (max(map(len, column), default=0) for column in ([p.name for p in parameters], defaults))
    for parameter, default in zip(parameters, defaults, strict=True):
        print(f"{parameter.name:{first}}  {parameter.type:5}  {default:{third}}  {parameter.help}".rstrip())


def _cite(options):
    from policylab.output.cite import cite

    print(cite(options.notebooks, style=options.format, catalog=options.catalog), end="")


def _check(options):
    from policylab.corpus.load import load_corpus
    from policylab.run.checking import describe_documents, list_entries

    corpus = load_corpus(options.catalog, versions="all")
    for line in describe_documents(corpus):
        print(line)
    versions = corpus.documents.loc[corpus.documents["version_of"].notna(), "document_id"]
    for name in ("documents", "sections", "tasks", "paragraphs", "responsibilities", "citations", "targets"):
        table = getattr(corpus, name)
        print(f"{name}: {(~table['document_id'].isin(versions)).sum()}")
    for line in list_entries(corpus):
        print(line)


def _show_warning(message, category, filename, lineno, file=None, line=None):
    text = str(message) if issubclass(category, PolicylabWarning) else f"{category.__name__}: {message}"
    print(f"policylab: note: {' '.join(text.split())}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
