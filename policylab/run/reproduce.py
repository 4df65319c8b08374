"""Redraw the figures of notebooks that are not up to date.

A notebook's figures reach their folder together, with their entries in the manifest, when it has run to its end. So an
interrupted command leaves the old figures whole, and the next one goes on with the notebook at which it stopped.
"""

import os
import threading
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from multiprocessing import connection, get_context, parent_process
from pathlib import Path

from policylab.base.errors import PolicylabError, list_problems
from policylab.output.folder import (
    explain,
    install,
    list_absent,
    list_obsolete,
    read_manifest,
    settled_folder,
    staging_folder,
)
from policylab.run.execution import RunFailed, execute, shorten
from policylab.run.gallery import check_captions, list_missing, write_gallery
from policylab.run.kernel import read_notes
from policylab.run.planning import make_plan
from policylab.run.staleness import find_changes, find_used, mark_unsettled, read_inputs


def reproduce(
    notebooks=(), parameters=None, out=None, catalog=None, languages=None, study=None, preset=None, force=False, jobs=1
):
    """Run notebooks (names or paths; all of the project's if none are given), each once per language, if stale.

    A run is stale if its inputs differ from those of the last one: the code of the notebook, the parameters, every data
    file that it read, the code of every module of policylab that it imported (without comments and docstrings), the
    versions of the packages that these used, the font; or if a figure file was changed or is missing, unless its kind
    is not committed. `force` runs all notebooks. `jobs` notebooks run at a time.

    `parameters` maps names to values; a notebook gets those that it declares. `catalog` is the corpus to use, `out` the
    folder for the figures: the project's figures/ for its own corpus, figures/ beside the catalog for another one. A
    `study`, the path of a figures.toml or its folder, sets notebooks, parameters, languages, preset and
    catalog; `preset` is the journal that the figures are for (use_preset). The executed notebooks go to
    build/notebooks/, or to notebooks/ in a folder that is not the project's own. Returns the paths of those that were
    run.

    Raises PolicylabError before anything is run if a notebook is not found, a parameter is unknown or has the wrong
    type, or the catalog or the folder cannot be used; and at the end, one line for each, if notebooks failed.

    >>> reproduce(["01_corpus"], languages=["zh"])  # doctest: +SKIP
    """
    return run_plan(make_plan(notebooks, parameters, out, catalog, languages, study, preset), force, jobs)


def run_plan(plan, force=False, jobs=1):
    """Run what is stale in a Plan; see reproduce()."""
    if jobs < 1:
        raise PolicylabError(f"jobs is {jobs}: expected 1 or more.")
    stale = []
    incomplete = find_incomplete(plan)
    for run, changes in check_plan(plan):
        if changes or force or run.name in incomplete:
            stale.append(run)
        else:
            print(f"{run.name}: up to date")
    done, failures = [], []
    try:
        for run, staging, outcome in _execute_all(stale, plan, jobs):
            count = f"[{len(done) + len(failures) + 1}/{len(stale)}]"
            if isinstance(outcome, RunFailed):
                failures.append(str(outcome))
                print(f"{count} {run.name}: failed")
                continue
            if problems := check_captions(staging / "figures", plan.study):
                head = f"{run.name}: its figures were not put in place, because captions in {plan.study.path} cannot be filled:"
                failures.append(list_problems(head, problems))
                print(f"{count} {run.name}: failed")
                continue
            _install(run, staging, plan)
            done.append(plan.notebooks / f"{run.name}.ipynb")
            print(f"{count} {run.name}: {outcome:.0f} s, {shorten(done[-1])}", flush=True)
        if done and plan.study:
            for line in list_missing(plan.folder, plan.study):
                print(line)
        if read_manifest(plan.folder)["figures"]:
            write_gallery(plan.folder, plan.study)
        for line in describe_absent(plan.folder):
            print(line)
    except BrokenProcessPool as error:
        failures.append(f"A notebook's process was killed, perhaps for lack of memory ({error}). Try fewer --jobs.")
    except OSError as error:
        failures.append(f"Figures: {explain(error, plan.folder)}")
    except PolicylabError as error:
        failures.append(str(error))
    if failures:
        raise PolicylabError("\n".join(failures))
    return done


def check_plan(plan):
    """What changed since each run of a Plan: a list of (run, [what]); nothing for those that are up to date."""
    with settled_folder(plan.folder):
        stamps = read_manifest(plan.folder)["runs"]
        return [(run, find_changes(run, stamps.get(run.name), plan.folder)) for run in plan.runs]


def find_incomplete(plan):
    """The names of runs with figure files that are not here, because their kind is not committed: a fresh clone lacks them."""
    stamps = read_manifest(plan.folder)["runs"]
    return {name for name, stamp in stamps.items() if list_absent(plan.folder, stamp["outputs"])}


def describe_absent(folder):
    """One line, or none, about the figure files that are not in a folder because their kind is not committed."""
    files = [file for entry in read_manifest(folder)["figures"].values() for file in entry["files"]]
    absent = list_absent(folder, files)
    kinds = ", ".join(sorted({f"*{Path(file).suffix}" for file in absent}))
    return [f"{len(absent)} files ({kinds}) are not shipped; policylab reproduce draws them"] if absent else []


def _execute_all(runs, plan, jobs):
    """Yield (run, its staging folder, seconds or RunFailed), each as soon as it is done."""
    if jobs == 1 or len(runs) < 2:
        for run in runs:
            with staging_folder(plan.folder) as staging:
                yield run, staging, _attempt(run, staging, plan.notebooks, True)
        return
    # Built once, here, and not by all at the same time.
    from matplotlib import font_manager  # noqa: F401

    # Processes, because a kernel's environment and folder are those of the process that starts it.
    with ExitStack() as stack, ProcessPoolExecutor(jobs, get_context("spawn"), _die_with_parent) as pool:
        try:
            futures = {}
            for run in runs:
                staging = stack.enter_context(staging_folder(plan.folder))
                futures[pool.submit(_attempt, run, staging, plan.notebooks, False)] = run, staging
            for future in as_completed(futures):
                yield *futures[future], future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _attempt(run, staging, kept, progress):
    try:
        return execute(run, staging, kept, progress)
    except RunFailed as failure:
        return failure


def _die_with_parent():
    """End a worker with its parent, which otherwise would run its notebook to the end for nothing."""

    def wait():
        connection.wait([parent_process().sentinel])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _install(run, staging, plan):
    """Move the figures of a run into their folder, with the stamp that records what they were made from."""
    source = staging / "figures"
    source.mkdir(exist_ok=True)
    drawn = read_manifest(source)["figures"]
    outputs = {file: sha256 for entry in drawn.values() for file, sha256 in entry["files"].items()}
    used = find_used(run, read_notes(staging / "notes.txt"), [plan.folder, plan.notebooks])
    inputs = read_inputs(run, used.files, used.packages)
    stamp = {"inputs": mark_unsettled(inputs, run, used, staging / "alive.lock"), "outputs": outputs}

    def edit(manifest):
        _check_owners(run, outputs, manifest["runs"], {other.name for other in plan.runs})
        previous = manifest["runs"].get(run.name, {}).get("outputs", {})
        obsolete = list_obsolete(plan.folder, previous, outputs)
        gone = {name for name, entry in manifest["figures"].items() if set(entry["files"]) & previous.keys()}
        for name in gone - drawn.keys():
            del manifest["figures"][name]
        manifest["figures"].update(drawn)
        manifest["runs"][run.name] = stamp
        return obsolete

    install(plan.folder, source, list(outputs), edit)


def _check_owners(run, outputs, stamps, planned):
    """Refuse two runs that draw the same figure, because one of them would always be stale."""
    for name in [name for name in stamps if name != run.name]:
        shared = sorted(outputs.keys() & stamps[name]["outputs"].keys())
        if shared and name in planned:
            raise PolicylabError(
                f"{run.name} and {name} both save {shared[0]}. Give the figures different names, "
                'for example with the language in it: f"terms-{language}".'
            )
        if shared:  # its notebook was renamed
            del stamps[name]
