"""Where the designs act, for a genome browser, and which variants they take away or leave behind, as VCF.

The VCF holds three kinds of record: variants the case names, other variants of this person that an edit would turn
back, and bases an edit can leave that the reference does not have. Shares are not in it: they stand in ``plan.json``
with their domain.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from revertant.dossier.vcf_lines import (
    contig_lines,
    header_lines,
    percent_encoded,
    vcf_alleles,
    vcf_contigs,
)
from revertant.genome import Reference
from revertant.model import BaseChange, Design, Effect, Locus, Plan, Variant

__all__ = ["EDIT_FIELDS", "edits_bed_text", "edits_vcf_text"]

#: The INFO fields of ``edits.vcf``: key, number, meaning.
EDIT_FIELDS = (
    ("ROLE", "1", "case: the case names it. person: this person has it. edit: an edit can leave it"),
    ("HGVS", "1", "Name of a variant of the case, percent-encoded"),
    ("ZYGOSITY", "1", "Of a variant of the case"),
    ("REVERTED_BY", ".", "Designs of which an outcome turns it back into the reference"),
    ("WANTED_BY", ".", "Designs that are to leave it"),
    ("UNWANTED_BY", ".", "Designs of which an outcome that nobody asked for leaves it"),
)


@dataclass(slots=True)
class _Found:
    """What is known of one variant while records are gathered."""

    role: str = "edit"
    name: str = ""
    zygosity: str = ""
    reverted: set[str] = field(default_factory=set)
    wanted: set[str] = field(default_factory=set)
    unwanted: set[str] = field(default_factory=set)


def edits_bed_text(plan: Plan) -> str:
    """Return the text of ``edits.bed``: every protospacer of every design, and every base it is to change, as BED6.

    The name is the design's rank and what the row is (``1|protospacer``, ``1|edit``); positions count from 0.

    Parameters
    ----------
    plan
        The plan.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> edits_bed_text(Plan("s", "c", "", "", (), (), (), (), (), (), None, (), Provenance("r", "0", (), (), ()), ""))
    ''
    """
    rows: set[tuple[str, int, int, str, int, str]] = set()
    for ranked in plan.designs:
        design = ranked.design
        for guide in design.guides:
            place = guide.locus
            rows.add(
                (place.contig, place.start, place.end, f"{ranked.rank}|protospacer", 0, place.strand.value)
            )
        for outcome in design.outcomes[:1]:
            rows |= {
                (contig, change.position, change.position + 1, f"{ranked.rank}|edit", 0, ".")
                for contig, change in _changes(design, outcome.changes)
            }
    return "".join("\t".join(re.sub(r"\s", "_", str(value)) for value in row) + "\n" for row in sorted(rows))


def edits_vcf_text(plan: Plan, reference: Reference) -> str:
    r"""Return the text of ``edits.vcf``.

    Parameters
    ----------
    plan
        The plan.
    reference
        The reference it was made on: it says which base an edit departs from.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> plan = Plan("s", "c", "", "", (), (), (), (), (), (), None, (), Provenance("r", "0", (), (), ()), "")
    >>> edits_vcf_text(plan, Reference.from_sequences({"chr1": "ACGT"})).splitlines()[-1][:10]
    '#CHROM\tPOS'
    """
    found: dict[Variant, _Found] = defaultdict(_Found)
    for target in plan.targets:
        for allele in target.alleles:
            record = found[allele.variant]
            record.role, record.name, record.zygosity = "case", allele.name, allele.zygosity.value
    by_name = {record.name: record for record in found.values()}
    for ranked in plan.designs:
        design = ranked.design
        for outcome in design.outcomes:
            if outcome.effect is Effect.RESTORES_WILD_TYPE and design.acts_on in by_name:
                by_name[design.acts_on].reverted.add(design.design_id)
            for contig, change in _changes(design, outcome.changes):
                _note(found, contig, change, design.design_id, reference, useful=outcome.useful)
    contigs = vcf_contigs(reference)
    order = {contig: place for place, contig in enumerate(contigs)}
    records = sorted(
        (order[variant.contig], *vcf_alleles(variant, reference), _info(record))
        for variant, record in found.items()
        if variant.contig in order
    )
    lines = [*header_lines(plan.provenance, reference), *contig_lines(contigs, reference)]
    lines += [
        f'##INFO=<ID={key},Number={number},Type=String,Description="{meaning}">'
        for key, number, meaning in EDIT_FIELDS
    ]
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    lines += [
        f"{contigs[place]}\t{position}\t.\t{ref}\t{alt}\t.\t.\t{info}"
        for place, position, ref, alt, info in records
    ]
    return "\n".join(lines) + "\n"


def _changes(design: Design, changes: tuple[BaseChange, ...]) -> Iterator[tuple[str, BaseChange]]:
    """The changes of an outcome with their contig; a design without a place on the genome has none."""
    if design.guides:
        contig = design.guides[0].locus.contig
    elif design.view is not None:
        contig = design.view.locus.contig
    else:
        return
    yield from ((contig, change) for change in changes)


def _note(
    found: dict[Variant, _Found],
    contig: str,
    change: BaseChange,
    design_id: str,
    reference: Reference,
    *,
    useful: bool,
) -> None:
    """Note one edited base: a departure from the reference, or a variant of this person turned back."""
    place = Locus(contig, change.position, change.position + 1)
    if not reference.covers(place):
        return
    base = reference.fetch(contig, place.start, place.end)
    if change.after == base:
        if len(change.before) == 1 and change.before != base:
            record = found[Variant(contig, place.start, base, change.before)]
            record.role = record.role if record.role == "case" else "person"
            record.reverted.add(design_id)
        return
    if len(change.after) != 1 or len(change.before) != 1:
        return  # an indel is no changed base: it is named in plan.json
    record = found[Variant(contig, place.start, base, change.after)]
    (record.wanted if useful else record.unwanted).add(design_id)


def _info(record: _Found) -> str:
    # Of a design that is to leave it, an outcome with further changes leaves it too: that is no second fact.
    values = {
        "ROLE": record.role,
        "HGVS": percent_encoded(record.name) if record.name else "",
        "ZYGOSITY": record.zygosity,
        "REVERTED_BY": ",".join(sorted(record.reverted)),
        "WANTED_BY": ",".join(sorted(record.wanted)),
        "UNWANTED_BY": ",".join(sorted(record.unwanted - record.wanted)),
    }
    return ";".join(f"{key}={values[key]}" for key, _, _ in EDIT_FIELDS if values[key])
