"""The many names of one contig: ``chr1``, ``1``, ``NC_000001.11``, ``CM000663.2``.

A name says two things at most: which chromosome, and (for versioned accessions only) which build. Both are
kept apart, so that ``NC_000001.10`` offered to a GRCh38 reference is a wrong build and not merely an
unknown name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

__all__ = ["Build", "ContigFact", "ContigName", "builds", "contig_name", "recognise_build"]

_PLAIN = re.compile(r"(?:chr)?(0?[1-9]|1\d|2[0-2]|X|Y|M|MT)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ContigFact:
    """One primary contig of one build.

    ``name`` is bare (``"1"``, ``"X"``, ``"MT"``); an accession is empty where the assembly has none.
    """

    name: str
    length: int
    refseq: str
    genbank: str


@dataclass(frozen=True, slots=True)
class Build:
    """One human genome build.

    Parameters
    ----------
    name
        ``"GRCh37"``, ``"GRCh38"`` or ``"T2T-CHM13v2.0"``.
    aliases
        Other names in use (``"hg38"``).
    contigs
        The primary contigs by bare name.
    nuclear_bases
        Published sum of the lengths of 1-22, X and Y.
    par
        Pseudoautosomal regions as ``(bare name, start, end)``, 0-based half-open.
    sources, checked, as_of
        Where the row comes from.
    """

    name: str
    aliases: tuple[str, ...]
    contigs: Mapping[str, ContigFact]
    nuclear_bases: int
    par: tuple[tuple[str, int, int], ...]
    sources: tuple[str, ...]
    checked: bool
    as_of: str


@dataclass(frozen=True, slots=True)
class ContigName:
    """What a contig's name says: the chromosome, and the build when the name is a versioned accession."""

    name: str
    build: str = ""


@cache
def builds() -> Mapping[str, Build]:
    """Return the catalogue of builds by name.

    Examples
    --------
    >>> builds()["GRCh38"].contigs["11"].length
    135086622
    """
    rows = tomllib.loads(files("revertant.genome").joinpath("contigs.toml").read_text(encoding="utf-8"))
    return {
        row["name"]: Build(
            name=row["name"],
            aliases=tuple(row["aliases"]),
            contigs={fields[0]: ContigFact(*fields) for fields in row["contigs"]},
            nuclear_bases=row["nuclear_bases"],
            par=tuple((name, start, end) for name, start, end in row["par"]),
            sources=tuple(row["sources"]),
            checked=row["checked"],
            as_of=row["as_of"],
        )
        for row in rows["build"]
    }


@cache
def _accessions() -> Mapping[str, ContigName]:
    """Every accession, with and without version; shared ones (the mitochondrion) name no build."""
    seen: dict[str, set[tuple[str, str]]] = {}
    for build in builds().values():
        for fact in build.contigs.values():
            for accession in filter(None, (fact.refseq, fact.genbank)):
                seen.setdefault(accession.upper(), set()).add((fact.name, build.name))
                seen.setdefault(accession.upper().split(".")[0], set()).add((fact.name, ""))
    return {
        accession: ContigName(min(meanings)[0], min(meanings)[1] if len(meanings) == 1 else "")
        for accession, meanings in seen.items()
    }


def contig_name(alias: str) -> ContigName | None:
    """Read a contig's name; ``None`` when it is no primary contig of a catalogued build.

    Parameters
    ----------
    alias
        Any spelling.

    Examples
    --------
    >>> contig_name("chr11"), contig_name("NC_000011.9")
    (ContigName(name='11', build=''), ContigName(name='11', build='GRCh37'))
    >>> contig_name("chrM").name, contig_name("HLA-A*01:01")
    ('MT', None)
    """
    if plain := _PLAIN.fullmatch(alias.strip()):
        bare = plain.group(1).upper().lstrip("0")
        return ContigName("MT" if bare == "M" else bare)
    return _accessions().get(alias.strip().upper())


def recognise_build(lengths: Mapping[str, int]) -> str:
    """Name the one build whose contig lengths agree with those given.

    Parameters
    ----------
    lengths
        Contig name, in any spelling, to length. Names outside the catalogue and the mitochondrion, whose
        length is shared, do not count.

    Returns
    -------
    str
        The build's name, or ``""`` when no length decides or they contradict each other.

    Examples
    --------
    >>> recognise_build({"chr1": 248956422, "chrX": 156040895}), recognise_build({"chr1": 1000})
    ('GRCh38', '')
    """
    bare = [(name.name, length) for alias, length in lengths.items() if (name := contig_name(alias))]
    nuclear = [(name, length) for name, length in bare if name != "MT"]
    agree = [
        build.name
        for build in builds().values()
        if nuclear and all(build.contigs[name].length == length for name, length in nuclear)
    ]
    return agree[0] if len(agree) == 1 else ""
