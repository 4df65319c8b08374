"""The command line: policylab reproduce | params | check. What is heavy is imported where it is used."""

import argparse
import sys
import warnings

from policylab.errors import PolicylabError, PolicylabWarning

OWN_CATALOG = "catalog.csv of your own corpus; default: the one that ships"


def main(arguments=None):
    """Run a command; return the exit status: 0, or 2 with one message on stderr if the input is at fault."""
    options = _build_parser().parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a console without Chinese must not stop the work
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("always", PolicylabWarning)
            warnings.showwarning = _show_warning
            options.run(options)
    except PolicylabError as error:
        print(f"policylab: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("policylab: interrupted", file=sys.stderr)
        return 130
    return 0


def _build_parser():
    parser = argparse.ArgumentParser(prog="policylab", description="Read Chinese policy documents quantitatively.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    reproduce = commands.add_parser("reproduce", help="run notebooks and draw their figures")
    reproduce.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="name or path; default: all in notebooks/")
    reproduce.add_argument("--catalog", metavar="PATH", help=OWN_CATALOG)
    reproduce.add_argument(
        "--out", metavar="DIR", help="folder for the figures; default: figures/ or beside your catalog"
    )
    reproduce.add_argument("--language", choices=["zh", "en", "both"], default="both", help="of labels; default: both")
    reproduce.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter; see params")
    reproduce.set_defaults(run=_reproduce)

    params = commands.add_parser("params", help="list the parameters of a notebook")
    params.add_argument("notebook", metavar="NOTEBOOK", help="name or path")
    params.set_defaults(run=_list_parameters)

    check = commands.add_parser("check", help="load a corpus and say what was read")
    check.add_argument("--catalog", metavar="PATH", help=OWN_CATALOG)
    check.set_defaults(run=_check)
    return parser


def _reproduce(options):
    from policylab.reproduce import LANGUAGES, read_settings, reproduce

    parameters = read_settings(options.notebooks, options.set)
    languages = LANGUAGES if options.language == "both" else [options.language]
    reproduce(options.notebooks, parameters, out=options.out, catalog=options.catalog, languages=languages)


def _list_parameters(options):
    from policylab.parameters import read_parameters
    from policylab.reproduce import find_notebooks

    parameters = read_parameters(find_notebooks([options.notebook])[0])
    defaults = [repr(parameter.default) for parameter in parameters]
    first, third = (max(map(len, column), default=0) for column in ([p.name for p in parameters], defaults))
    for parameter, default in zip(parameters, defaults, strict=True):
        print(f"{parameter.name:{first}}  {parameter.type:5}  {default:{third}}  {parameter.help}".rstrip())


def _check(options):
    from policylab.corpus import load_corpus
    from policylab.structure import summarize_documents

    corpus = load_corpus(options.catalog, versions="all")
    versions = corpus.documents.set_index("document_id")["version_of"].dropna()
    for document in summarize_documents(corpus).to_dict("records"):
        line = (
            "{document_id}: {region} {year}, {n_sections} sections, {n_tasks} tasks, {n_paragraphs} paragraphs, "
            "{n_body_characters} characters"
        ).format(**document)
        version = versions.get(document["document_id"])
        print(line + (f" (another publication of {version})" if version else ""))
    for name in ("documents", "sections", "tasks", "paragraphs", "responsibilities", "citations", "targets"):
        table = getattr(corpus, name)
        print(f"{name}: {(~table['document_id'].isin(versions.index)).sum()}")


def _show_warning(message, category, filename, lineno, file=None, line=None):
    text = str(message) if issubclass(category, PolicylabWarning) else f"{category.__name__}: {message}"
    print(f"policylab: note: {' '.join(text.split())}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
