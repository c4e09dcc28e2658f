"""One door in: a phenopacket, or a case file that may name one, becomes a :class:`~revertant.model.Case`."""

from __future__ import annotations

import os
from pathlib import Path

from revertant.errors import InputError, ProblemsError
from revertant.model import Case
from revertant.patient.case_file import read_case_file
from revertant.patient.draft import Draft
from revertant.patient.merge import finished, merged
from revertant.patient.phenopacket import read_phenopacket
from revertant.patient.problems import Problems
from revertant.patient.source import read_text
from revertant.patient.tree import Branch, Leaf, read_tree

__all__ = ["paths_named", "phenopacket_of", "read_case"]

# The largest published phenopackets hold some 100 kB; a case file by hand holds a few.
_PHENOPACKET_BYTES = 8_000_000
_CASE_FILE_BYTES = 64_000


def read_case(path: str | os.PathLike[str], *, diagnosis_is_enough: bool = False) -> Case:
    r"""Read one patient and one question.

    Parameters
    ----------
    path
        A GA4GH phenopacket v2 in JSON (``.json``), or a ``case.yaml``, which may name a phenopacket. Other
        endings are told apart by the first character: a brace opens a phenopacket.
    diagnosis_is_enough
        Whether a case may name a disease and nothing of its genetics, as one may that is held against trials.

    Returns
    -------
    Case
        The case, with paths of files made absolute. ``findings`` and ``tallies`` say what was left out.

    Raises
    ------
    ProblemsError
        With every problem found, each with its path in the file. Nothing of the person beyond the offending
        value is in the text.

    Examples
    --------
    >>> import tempfile
    >>> text = "id: demo\nvariants:\n  - hgvs: NM_000518.5:c.20A>T\n    zygosity: homozygous\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "case.yaml"
    ...     _ = file.write_text(text, encoding="utf-8")
    ...     case = read_case(file)
    >>> case.case_id, case.variants[0].expressions, case.variants[0].zygosity.value
    ('demo', ('NM_000518.5:c.20A>T',), 'homozygous')
    """
    file = Path(path)
    problems = Problems(file.name)
    try:
        draft = _draft(file, problems)
        case = (
            finished(draft, problems, diagnosis_is_enough=diagnosis_is_enough) if not len(problems) else None
        )
    except ProblemsError:
        raise
    except InputError as error:
        problems.extend(
            [error] if error.where != file.name else [InputError(error.what, remedy=error.remedy)]
        )
        case = None
    problems.stop_if_any()
    assert case is not None
    return case


def phenopacket_of(path: str | os.PathLike[str]) -> Path | None:
    """Return the phenopacket that a case was read from: the file itself, or the one it names.

    Parameters
    ----------
    path
        As for :func:`read_case`, which has read it without a problem.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "case.yaml"
    ...     _ = file.write_text("id: demo", encoding="utf-8")
    ...     phenopacket_of(file)
    """
    file = Path(path)
    if file.suffix.lower() in (".yaml", ".yml"):
        text = read_text(file, limit=_CASE_FILE_BYTES)
    else:
        text = read_text(file, limit=_PHENOPACKET_BYTES)
        if file.suffix.lower() == ".json" or text.lstrip().startswith("{"):
            return file
    named = read_case_file(text, file.parent, Problems(file.name)).phenopacket
    return Path(named) if named else None


def paths_named(path: str | os.PathLike[str]) -> tuple[str, ...]:
    r"""Return the texts of a case file that may be paths, as they are written; of a phenopacket there are none.

    Parameters
    ----------
    path
        The case. The files it names need not be there.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "case.yaml"
    ...     _ = file.write_text("phenopacket: p.json\nfiles: {vcf: calls/a.vcf, sample: A}", encoding="utf-8")
    ...     paths_named(file)
    ('p.json', 'calls/a.vcf', 'A')
    """
    file = Path(path)
    text = read_text(file, limit=_PHENOPACKET_BYTES)
    is_packet = file.suffix.lower() == ".json" or text.lstrip().startswith("{")
    if is_packet and file.suffix.lower() not in (".yaml", ".yml"):
        return ()
    tree = read_tree(text, Problems(file.name)).items
    files = tree.get("files")
    named = [tree.get("phenopacket"), *(files.items.values() if isinstance(files, Branch) else ())]
    return tuple(one.text for one in named if isinstance(one, Leaf) and one.text)


def _draft(file: Path, problems: Problems) -> Draft:
    if file.suffix.lower() == ".json":
        return read_phenopacket(read_text(file, limit=_PHENOPACKET_BYTES), problems)
    if file.suffix.lower() in (".yaml", ".yml"):
        return _case_file(read_text(file, limit=_CASE_FILE_BYTES), file, problems)
    text = read_text(file, limit=_PHENOPACKET_BYTES)
    if text.lstrip().startswith("{"):
        return read_phenopacket(text, problems)
    if len(text) > _CASE_FILE_BYTES:
        what = f"The file is larger than {_CASE_FILE_BYTES:,} bytes, the limit for a case file."
        raise InputError(what, remedy="Give one patient's case file.")
    return _case_file(text, file, problems)


def _case_file(text: str, file: Path, problems: Problems) -> Draft:
    draft = read_case_file(text, file.parent, problems)
    if not draft.phenopacket:
        return draft
    within = Problems(Path(draft.phenopacket).name)
    try:
        packet = read_phenopacket(read_text(Path(draft.phenopacket), limit=_PHENOPACKET_BYTES), within)
    except InputError as error:
        within.extend([error])
        packet = Draft()
    problems.extend(within.found, under="phenopacket")
    return merged(packet, draft, problems)
