"""An rsID looked up in the ID column of a VCF the user gives; no database, no network."""

from __future__ import annotations

from pathlib import Path

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import Reference
from revertant.model import Variant
from revertant.sequence import is_dna
from revertant.variant.limits import is_count, shown
from revertant.variant.normalise import normalise
from revertant.variant.vcf_lines import read_header, vcf_lines

__all__ = ["resolve_rsid"]


def resolve_rsid(rsid: str, reference: Reference, vcf: Path | str, *, where: str = "") -> Variant:
    """Find the one variant a VCF lists under an rsID.

    Parameters
    ----------
    rsid
        ``rs334``; the case of the letters does not matter.
    reference
        The genome.
    vcf
        A VCF with rsIDs in its ID column (dbSNP, or any annotated file).
    where
        File and field, for error messages.

    Raises
    ------
    InputError
        When no VCF is given, the rsID is not in it, or it stands for several alleles there (they are listed).
    """
    if not str(vcf):
        raise InputError(
            f"{rsid} names a place in dbSNP, not a variant.",
            where=where,
            remedy="Give a VCF with it in the ID column, or write the variant as HGVS or chr:pos:ref:alt.",
            code="rsid-needs-vcf",
        )
    path = Path(vcf)
    alleles, unread = _alleles(rsid.lower(), path)
    if not alleles:
        because = f"only as {shown(', '.join(sorted(unread)))}" if unread else "nowhere"
        raise InputError(
            f"{path.name} lists {rsid} {because}.",
            where=where,
            remedy="Use a VCF that lists it with its bases, or write the variant as HGVS or chr:pos:ref:alt.",
            code="rsid-not-found",
        )
    found: dict[Variant, None] = {}
    problems: list[IncompatibleInputsError] = []
    for contig, start, ref, alt in alleles:
        try:
            place = Variant(reference.canonical_contig(contig), start, ref, alt)
            found[normalise(place, reference, where=f"{path.name}: {rsid}")] = None
        except IncompatibleInputsError as error:
            problems.append(error)
    if not found:
        raise problems[0]
    if len(found) > 1:
        listed = ", ".join(shown(str(one)) for one in sorted(found)[:8])
        listed += f" and {len(found) - 8} more" if len(found) > 8 else ""
        raise InputError(
            f"{rsid} stands for {len(found)} alleles in {path.name}: {listed}.",
            where=where,
            remedy="Write the one that is meant.",
            code="rsid-ambiguous",
        )
    return next(iter(found))


def _alleles(rsid: str, path: Path) -> tuple[list[tuple[str, int, str, str]], set[str]]:
    """All sequence alleles listed under the rsID, and the ALT texts that are no sequence."""
    lines = vcf_lines(path)
    header = read_header(lines, path.name)
    alleles, unread = [], set()
    for number, line in enumerate(lines, start=header.lines + 1):
        # Cheap test first: the ID column comes early, and most lines do not hold the rsID at all.
        fields = line.split("\t", 5)
        if len(fields) < 5:
            if not line:
                continue
            raise InputError(
                f"The record has {len(fields)} columns, not at least 8.",
                where=f"{path.name}:{number}",
                remedy="The file is damaged or not tab-separated: get it again.",
                code="bad-vcf-record",
            )
        if rsid not in fields[2].lower().split(";"):
            continue
        contig, position, _, ref, alts = fields[:5]
        for alt in alts.upper().split(","):
            if (
                is_dna(alt)
                and is_dna(ref.upper())
                and is_count(position)
                and int(position) > 0
                and alt != ref.upper()
            ):
                alleles.append((contig, int(position) - 1, ref.upper(), alt))
            else:
                unread.add(alt)
    return alleles, unread
