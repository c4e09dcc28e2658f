"""The files of an off-target nomination: a folder holds all of them or none.

The search streams every site into ``sites.tsv`` while it runs, so the folder is opened before the search and
filled after it: :func:`nomination_folder` gives a hidden folder, :func:`write_nomination` adds the rest, and when
the block ends all of it appears at once.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from pathlib import Path

from revertant.dossier.nomination.report import nomination_html
from revertant.dossier.nomination.selection import has_person
from revertant.dossier.nomination.tables import (
    amplicons_text,
    pairs_text,
    populations_text,
    sites_bed_text,
)
from revertant.dossier.nomination.vcf import gained_vcf_text
from revertant.dossier.staging import check_target, staged, write_text
from revertant.genome import Reference
from revertant.model import Nomination, canonical_json

__all__ = ["NOMINATION_FILES", "check_nomination_folder", "nomination_folder", "write_nomination"]

#: The files of a nomination and what each holds. What was not asked for is not written: no empty file stands for it.
NOMINATION_FILES: tuple[tuple[str, str], ...] = (
    ("report.html", "The report for people: one file, opens without a network."),
    ("sites.tsv", "Every site of every guide, sites lost in this person included; written while searching."),
    ("sites.parquet", "The same for large tables; where it was asked for."),
    ("sites.bed", "The sites this person has, for a genome browser; for a guide with very many, the worst."),
    ("gained.vcf", "The person's variants that make or change a site; where a person's genome was given."),
    ("populations.tsv", "Who carries which site; where a panel of people was given."),
    ("pairs.tsv", "Two cuts whose ends could be joined, the most likely first."),
    ("amplicons.tsv", "What to sequence, with primers to order; where it was asked for."),
    (
        "nomination.json",
        "The nomination for machines, canonical JSON; of each guide the worst sites, and the person's own.",
    ),
)

_NAMES = tuple(name for name, _ in NOMINATION_FILES)


def check_nomination_folder(folder: str | os.PathLike[str], *, force: bool = False) -> None:
    """Refuse a folder a nomination may not be written to, before any work is done for it.

    Parameters
    ----------
    folder
        Where the files would go.
    force
        Whether files of an earlier nomination may be replaced.

    Raises
    ------
    UsageError
        When the place is a file, holds an earlier dossier, or cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as empty:
    ...     check_nomination_folder(empty)
    """
    check_target(folder, _NAMES, force=force)


def nomination_folder(folder: str | os.PathLike[str], *, force: bool = False) -> AbstractContextManager[Path]:
    """Give a hidden folder for the files of a nomination; they appear in ``folder`` when the block ends well.

    Parameters
    ----------
    folder
        Where the files are to go. Other files in it are left alone.
    force
        Whether files of an earlier nomination may be replaced.

    Raises
    ------
    UsageError
        When files are there already and ``force`` is not given, or when the place cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with nomination_folder(f"{place}/out") as hidden:
    ...         _ = (hidden / "sites.tsv").write_text("guide")
    ...     [path.name for path in Path(place, "out").iterdir()]
    ['sites.tsv']
    """
    return staged(folder, _NAMES, force=force)


def write_nomination(nomination: Nomination, folder: Path, reference: Reference) -> tuple[str, ...]:
    """Write the files of a nomination beside the ``sites.tsv`` that the search has written.

    Parameters
    ----------
    nomination
        What was found.
    folder
        From :func:`nomination_folder`.
    reference
        The reference that was searched; it gives the bases a VCF needs.

    Returns
    -------
    tuple[str, ...]
        Names of all files of the nomination that the folder now holds, in the order of ``NOMINATION_FILES``.

    Examples
    --------
    >>> import tempfile
    >>> from revertant.model import Coverage, Provenance
    >>> coverage = Coverage(4, (("chr1", 0, 4),), False, ("reference",), "Only 4 bases were searched.")
    >>> nothing = Nomination("s", (), (), coverage, (), None, "", (), None, Provenance("revertant", "0", (), (), ()))
    >>> with tempfile.TemporaryDirectory() as place, nomination_folder(f"{place}/out") as hidden:
    ...     write_nomination(nothing, hidden, Reference.from_sequences({"chr1": "ACGT"}))
    ('report.html', 'sites.bed', 'pairs.tsv', 'nomination.json')
    """
    texts = {
        "report.html": nomination_html(nomination),
        "sites.bed": sites_bed_text(nomination),
        "pairs.tsv": pairs_text(nomination),
        "nomination.json": canonical_json(nomination) + "\n",
    }
    if has_person(nomination):
        texts["gained.vcf"] = gained_vcf_text(nomination, reference)
    if nomination.population is not None:
        texts["populations.tsv"] = populations_text(nomination)
    if nomination.panel is not None:
        texts["amplicons.tsv"] = amplicons_text(nomination)
    for name, text in texts.items():
        write_text(folder / name, text)
    return tuple(name for name in _NAMES if (folder / name).exists())
