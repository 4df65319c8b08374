"""Are the figures those of the manifest, and would a new run draw them again?"""

import shutil
import tempfile
from pathlib import Path

from policylab.base.errors import PolicylabError
from policylab.output.folder import MANIFEST, hash_file, list_absent, read_manifest, settled_folder
from policylab.run.gallery import GALLERY
from policylab.run.grading import grade_figure
from policylab.run.planning import Plan
from policylab.run.reproduce import check_plan, describe_absent, run_plan
from policylab.run.staleness import Run


def verify(folder):
    """Compare the files in a folder of figures with its manifest, print what differs; return whether nothing does.

    Nothing is run. Folders and hidden files inside are ignored. Files of a kind that is not committed may be absent.

    Raises PolicylabError if there is no manifest, or this version cannot read it.
    """
    with settled_folder(folder):
        if not (folder / MANIFEST).exists():
            raise PolicylabError(f"{folder} has no {MANIFEST}, so there is nothing to verify. Run policylab reproduce.")
        manifest = read_manifest(folder)
        known = {file: sha256 for entry in manifest["figures"].values() for file, sha256 in entry["files"].items()}
        found = {file: hash_file(folder / file) for file in known}
        here = {path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith(".")}
        absent = list_absent(folder, known)
        notes = describe_absent(folder)
    problems = [f"missing: {file}" for file in sorted(known.keys() - absent) if found[file] is None]
    problems += [f"changed: {file}" for file in sorted(known) if found[file] not in (None, known[file])]
    problems += [f"unknown: {file}" for file in sorted(here - known.keys() - {MANIFEST, GALLERY})]
    print(*problems, f"{len(known)} files of {len(manifest['figures'])} figures, {_count(problems)}", *notes, sep="\n")
    return not problems


def rerun(plan, jobs=1):
    """Run a Plan into a temporary folder and print the grade of each figure; return whether none has changed.

    What is stale is printed before, because other inputs may draw other figures. The grades are those of grade_figure.
    For a figure that changed, a picture of the differences goes to differences/, beside the executed notebooks.
    """
    shipped = read_manifest(plan.folder)
    names = {run.name for run in plan.runs}
    expected = {name for run, stamp in shipped["runs"].items() if run in names for name in _list_figures(stamp)}
    differences = plan.notebooks.parent / "differences"
    for run, changes in check_plan(plan):
        if changes and run.name in shipped["runs"]:
            print(f"{run.name}  stale: {'; '.join(changes)}")
    notebooks = Path(tempfile.mkdtemp(prefix="policylab-"))  # stays if one fails, because the message names it
    with tempfile.TemporaryDirectory(prefix="policylab-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) / "figures"
        run_plan(Plan([_redirect(run, folder) for run in plan.runs], folder, notebooks), jobs=jobs)
        shutil.rmtree(notebooks, ignore_errors=True)
        drawn = read_manifest(folder)["figures"]
        grades = {}
        for name in sorted(expected | drawn.keys()):
            grade, reasons = grade_figure(name, plan.folder, folder, differences)
            grades[name] = grade
            print(f"{grade:10}  {name}", *reasons, sep="\n            ")
    counts = {grade: list(grades.values()).count(grade) for grade in ("IDENTICAL", "EQUIVALENT", "CHANGED")}
    print(", ".join(f"{count} {grade}" for grade, count in counts.items()))
    return not counts["CHANGED"]


def _redirect(run, folder):
    values = run.values | ({"out": str(folder)} if "out" in run.parameters else {})
    return Run(run.notebook, run.language, values, run.parameters | values)


def _list_figures(stamp):
    return {Path(file).stem for file in stamp["outputs"]}


def _count(problems):
    return "all as in the manifest" if not problems else f"{len(problems)} not as in the manifest"
