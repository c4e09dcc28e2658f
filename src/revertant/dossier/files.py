"""The files of a plan's dossier: a folder holds all of them or none."""

from __future__ import annotations

import os
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from revertant.dossier.exchange.crate import CARRIED_FOLDER
from revertant.dossier.exchange.seal import EXCHANGE_FILES, SEAL_FILES, carry_inputs, exchange_texts, seal
from revertant.dossier.family import family_html, is_for_a_person
from revertant.dossier.laboratory import laboratory_html
from revertant.dossier.replay import REPLAY_NAME, replay_text
from revertant.dossier.report import report_html
from revertant.dossier.review import review_docx
from revertant.dossier.staging import check_target, staged, write_text
from revertant.dossier.tables import bed_text, designs_text, off_targets_text, oligos_text
from revertant.dossier.vectors.constructs import (
    CONSTRUCTS_FOLDER,
    construct_texts,
    proteins_text,
    vector_designs,
)
from revertant.dossier.vectors.tables import domains_text, order_text, parts_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from revertant.model import Plan
    from revertant.planning import Inputs

__all__ = ["CONSTRUCT_FILES", "DOSSIER_FILES", "check_folder", "write_dossier"]

#: The files of a dossier and what each holds, in the order in which they are written.
DOSSIER_FILES: tuple[tuple[str, str], ...] = (
    ("report.html", "The report for people: one file, opens without a network."),
    (
        "review.docx",
        "The plan in the order of the Common Technical Document, for reviewers; gaps are printed as gaps.",
    ),
    ("laboratory.html", "What to order, where to sequence, which assays and controls to run."),
    ("family.html", "The plan in plain words, for the person it is about and their family."),
    ("designs.tsv", "Every design, one row each."),
    (
        "offtargets.tsv",
        "The off-target sites of every guide, those lost in this person included; of a whole genome the worst.",
    ),
    ("offtargets.bed", "The sites this person has, for a genome browser (BED6, 0-based)."),
    ("oligos.tsv", "The strands to order."),
    ("plan.json", "The whole plan for machines, canonical JSON."),
    (
        "policy.json",
        "The gate's decision: the facts it used, what each rule answered, the digest of the rules; it can be replayed.",
    ),
    *SEAL_FILES,
)

#: The files in the folder ``constructs``, which a dossier has when a design is a vector.
CONSTRUCT_FILES: tuple[tuple[str, str], ...] = (
    ("*.gb", "Each construct and plasmid with every feature, GenBank."),
    ("*.fa", "Its bases, FASTA."),
    ("proteins.faa", "The proteins they encode, FASTA."),
    ("domains.tsv", "The named stretches of these proteins, residue by residue."),
    ("parts.tsv", "The parts they are made of, with sources."),
    ("constructs_order.tsv", "The sequences to have made."),
    (REPLAY_NAME, "Every codon edit, to be replayed and checked by anyone."),
)

_NAMES = tuple(name for name, _ in DOSSIER_FILES)
_ALL_NAMES = (
    *_NAMES,
    *(name for name, _ in EXCHANGE_FILES),
    CONSTRUCTS_FOLDER,
    CARRIED_FOLDER,
)
_WITHIN = {CONSTRUCTS_FOLDER: (".gb", ".fa", ".faa", ".tsv", ".json"), CARRIED_FOLDER: ("",)}
_WRITERS: dict[str, Callable[[Plan], str | bytes]] = {
    "report.html": report_html,
    "review.docx": review_docx,
    "laboratory.html": laboratory_html,
    "family.html": family_html,
    "designs.tsv": designs_text,
    "offtargets.tsv": off_targets_text,
    "offtargets.bed": bed_text,
    "oligos.tsv": oligos_text,
    "plan.json": lambda plan: plan.to_json(),
    "policy.json": lambda plan: plan.decision_log,
}


def check_folder(folder: str | os.PathLike[str], *, force: bool = False) -> None:
    """Refuse a folder a dossier may not be written to, before any work is done for it.

    Parameters
    ----------
    folder
        Where the dossier would go.
    force
        Whether files of an earlier dossier may be replaced.

    Raises
    ------
    UsageError
        When the place is a file, holds an earlier dossier, or cannot be written to, or when its folder ``constructs``
        holds what no dossier writes there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     check_folder(empty)
    """
    check_target(folder, _ALL_NAMES, force=force, within=_WITHIN)


def write_dossier(
    plan: Plan,
    folder: str | os.PathLike[str],
    inputs: Inputs | None = None,
    *,
    force: bool = False,
    bundle_inputs: bool = False,
) -> tuple[Path, ...]:
    """Write every file of the dossier into a folder.

    Parameters
    ----------
    plan
        The plan.
    folder
        Where to; it is made when it is not there. Other files in it are left alone.
    inputs
        What the plan was made from. Without them ``EXCHANGE_FILES`` are not written: they hold the case itself.
    force
        Whether files of an earlier dossier may be replaced.
    bundle_inputs
        Whether small inputs are carried along, in the folder ``crate_inputs``; they hold the person's data.

    Returns
    -------
    tuple[Path, ...]
        The files, in the order of ``DOSSIER_FILES``, without ``policy.json`` where a plan made by hand has no decision
        of a gate, and without ``family.html`` where nobody is planned for; before the last two those in the folder
        ``constructs``, which is there when a design is a vector, and those of ``EXCHANGE_FILES``.

    Raises
    ------
    UsageError
        When files are there already and ``force`` is not given, or when the place cannot be written.

    Examples
    --------
    >>> from importlib.resources import as_file, files
    >>> from revertant import patient, planning
    >>> with as_file(files("revertant.cli") / "demo_data") as folder:
    ...     inputs = planning.open_inputs(patient.read_case(folder / "sickle_cell.yaml"))
    >>> plan = planning.make_plan(inputs, planning.PlanOptions(search_off_targets=False))
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as out:
    ...     [path.name for path in write_dossier(plan, out)][:2]
    ['report.html', 'review.docx']
    """
    written = [name for name in _WRITERS if _belongs(name, plan)]
    with staged(folder, _ALL_NAMES, force=force, within=_WITHIN) as staging:
        for name in tuple(written):
            content = _WRITERS[name](plan)
            if isinstance(content, bytes):
                (staging / name).write_bytes(content)
            else:
                write_text(staging / name, content)
        if vector_designs(plan):
            (staging / CONSTRUCTS_FOLDER).mkdir()
            for name, text in _in_constructs(plan).items():
                write_text(staging / CONSTRUCTS_FOLDER / name, text)
                written.append(f"{CONSTRUCTS_FOLDER}/{name}")
        if inputs is not None:
            for name, text in exchange_texts(plan, inputs).items():
                write_text(staging / name, text)
                written.append(name)
            written += carry_inputs(inputs, staging) if bundle_inputs else ()
        written += seal(plan, staging, written, {name: _meaning(name) for name in written})
    return tuple(Path(folder) / name for name in written)


def _belongs(name: str, plan: Plan) -> bool:
    """Whether a file has anything to say of this plan."""
    if name == "policy.json":
        return bool(plan.decision_log)
    return name != "family.html" or is_for_a_person(plan)


def _meaning(name: str) -> str:
    """What a file holds, by its name; files in the folder of constructs are known by pattern."""
    within = name.removeprefix(f"{CONSTRUCTS_FOLDER}/")
    rows = CONSTRUCT_FILES if within != name else (*DOSSIER_FILES, *EXCHANGE_FILES)
    return next((meaning for pattern, meaning in rows if fnmatch(within, pattern)), "")


def _in_constructs(plan: Plan) -> Mapping[str, str]:
    return {
        **construct_texts(plan),
        "proteins.faa": proteins_text(plan),
        "domains.tsv": domains_text(plan),
        "parts.tsv": parts_text(plan),
        "constructs_order.tsv": order_text(plan),
        REPLAY_NAME: replay_text(plan),
    }
