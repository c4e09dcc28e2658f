"""What the plan holds on quality: the substances of its designs, their sequences, and what they are made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from revertant.dossier.review.blocks import Block, Bullets, Gap, Table, Text
from revertant.dossier.review.pool import Sources, detailed_designs
from revertant.dossier.selection import design_groups, design_off_targets
from revertant.dossier.vectors.constructs import placed_constructs, vector_designs
from revertant.dossier.vectors.tables import order_rows
from revertant.dossier.vectors.words import (
    cpg_text,
    dose_text,
    form_text,
    promoter_text,
    vector_text,
    whole_text,
)
from revertant.dossier.words import count_text, estimate_text, locus_text, number_text, outlook_of
from revertant.model import Design, Plan, RankedDesign
from revertant.policy import HOW_TO_SCREEN, expected_parts, screening_mark

__all__ = ["designs", "files", "materials", "nomenclature", "product", "properties", "release", "structure"]

#: Longer sequences stand in a file of the dossier and are named by their digest.
_LONGEST_SHOWN = 130
_MOST_ROWS = 40


def designs(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """List the designs, one row for the lead of each group of near-identical ones."""
    groups = design_groups(plan)
    if not groups:
        return ()
    rows = tuple(
        (
            str(group.lead.rank),
            group.lead.tier,
            f"{group.lead.design.route.label}: {group.lead.design.acts_on}",
            _made_of(group.lead.design),
            _outlook(group.lead.design),
            design_off_targets(group.lead.design, group.lead.assessment),
        )
        for group in groups[:_MOST_ROWS]
    )
    left = len(groups) - len(rows)
    more = f"{count_text(left, 'more group')} in designs.tsv." if left > 0 else ""
    header = ("Rank", "Tier", "What for", "Made of", "Useful share", "Off-targets")
    detailed = len(detailed_designs(plan))
    return (
        Text(
            f"The plan holds {count_text(len(plan.designs), 'design')} in {count_text(len(groups), 'group')} of "
            f"near-identical ones. The {'first is' if detailed == 1 else f'leads of the first {detailed} groups are'} "
            "described below; designs.tsv holds all."
        ),
        Table("Designs, best first", header, rows, (7, 15, 24, 28, 12, 14), more),
    )


def _made_of(design: Design) -> str:
    guides = "; ".join(f"{guide.spacer} ({guide.pam})" for guide in design.guides)
    oligos = "; ".join(oligo.sequence for oligo in design.antisense)
    vector = vector_text(design.vector) if design.vector is not None else ""
    return ", ".join(part for part in (design.effector_name, guides, oligos, vector) if part)


def _outlook(design: Design) -> str:
    named, estimate = outlook_of(design)
    if design.vector is not None and (estimate is None or estimate.value is None):
        return "not a share"
    shown = estimate_text(estimate)
    shown = f"yield {shown}" if named == "expected yield" else shown
    outside = estimate is not None and estimate.value is not None and not estimate.in_domain
    return f"{shown}, outside its domain" if outside else shown


def nomenclature(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Name every substance of the detailed designs."""
    rows = tuple(
        (str(ranked.rank), kind, name, ranked.design.design_id)
        for ranked in detailed_designs(plan)
        for kind, name in _substances(ranked.design)
    )
    header = ("Design", "Substance", "Name used here", "Identifier derived from its content")
    return (Table("Names", header, rows, (9, 22, 40, 29)),) if rows else ()


def _substances(design: Design) -> Iterator[tuple[str, str]]:
    if design.vector is None and not design.antisense:
        yield "editor or nuclease", design.effector_name
    for number, _ in enumerate(design.guides, start=1):
        role = "pegRNA" if number <= len(design.pegrnas) else "guide RNA"
        yield role, f"{role} {number} of design"
    for number, _ in enumerate(design.antisense, start=1):
        yield "antisense oligonucleotide", f"oligonucleotide {number} of design"
    if design.donor is not None:
        yield "repair template", design.donor.kind.value
    if design.vector is not None:
        for construct in design.vector.constructs:
            yield form_text(construct.form), construct.name
    if design.car is not None:
        yield (
            "cells",
            f"{design.car.edit_set.cells.value} T cells with a receptor against {', '.join(design.car.attacked)}",
        )


def structure(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Give the sequence of every guide, oligo, donor, vector and receptor of the detailed designs."""
    leads = detailed_designs(plan)
    writers: tuple[Callable[[tuple[RankedDesign, ...]], Table | None], ...] = (
        _guides,
        _pegrnas,
        _oligos,
        _donors,
        _vectors,
        _receptors,
    )
    blocks: list[Block] = [table for writer in writers if (table := writer(leads)) is not None]
    if any(one.design.guides for one in leads):
        blocks.append(
            Gap("The sequence of the editor's messenger RNA or protein. The plan names the editor only.")
        )
    return tuple(blocks)


def _guides(leads: tuple[RankedDesign, ...]) -> Table | None:
    rows = tuple(
        (
            str(ranked.rank),
            guide.spacer,
            f"{guide.pam} ({guide.pam_pattern})",
            locus_text(guide.locus),
            ", ".join(map(str, guide.variants)) or "none",
            _copies(guide.haplotypes),
        )
        for ranked in leads
        for guide in ranked.design.guides
    )
    header = (
        "Design",
        "Spacer, 5'→3' as DNA",
        "PAM",
        "Protospacer",
        "This person's variants in it",
        "Copies",
    )
    return Table("Guides", header, rows, (8, 28, 12, 25, 17, 10)) if rows else None


def _copies(haplotypes: tuple[str, ...]) -> str:
    return ", ".join(haplotypes) or "not told"


def _pegrnas(leads: tuple[RankedDesign, ...]) -> Table | None:
    rows = tuple(
        (str(ranked.rank), peg.rtt, peg.pbs, peg.motif or "none", ", ".join(map(str, peg.written)))
        for ranked in leads
        for peg in ranked.design.pegrnas
    )
    header = ("Design", "Template, 5'→3'", "Primer binding site", "3' motif", "Writes")
    return Table("Extensions of pegRNAs", header, rows, (8, 32, 24, 12, 24)) if rows else None


def _oligos(leads: tuple[RankedDesign, ...]) -> Table | None:
    rows = tuple(
        (str(ranked.rank), oligo.sequence, oligo.chemistry, oligo.covers, locus_text(oligo.locus))
        for ranked in leads
        for oligo in ranked.design.antisense
    )
    header = ("Design", "Sequence, 5'→3' as DNA", "Chemistry", "Hides", "Place")
    return Table("Antisense oligonucleotides", header, rows, (8, 32, 20, 18, 22)) if rows else None


def _donors(leads: tuple[RankedDesign, ...]) -> Table | None:
    rows = tuple(
        (
            str(ranked.rank),
            donor.kind.value,
            number_text(len(donor.sequence)),
            f"{donor.left_arm_bp} and {donor.right_arm_bp}",
            _sequence(donor.sequence, "oligos.tsv"),
        )
        for ranked in leads
        if (donor := ranked.design.donor) is not None
    )
    header = ("Design", "Form", "Length, bases", "Arms, bases", "Sequence")
    return Table("Repair templates", header, rows, (8, 14, 12, 16, 50)) if rows else None


def _vectors(leads: tuple[RankedDesign, ...]) -> Table | None:
    rows = tuple(
        (
            str(ranked.rank),
            f"{construct.name}, {form_text(construct.form)}",
            vector.capsid_name,
            number_text(construct.packaged_bp),
            "; ".join(dict.fromkeys(one.name for one in construct.features)),
            _sequence(construct.sequence, "constructs"),
        )
        for ranked in leads
        if (vector := ranked.design.vector) is not None
        for construct in vector.constructs
    )
    header = ("Design", "Construct", "Capsid or particle", "Packaged, bases", "Features in order", "Sequence")
    return Table("Vectors", header, rows, (8, 18, 12, 10, 30, 22)) if rows else None


def _receptors(leads: tuple[RankedDesign, ...]) -> Table | None:
    rows = tuple(
        (str(ranked.rank), f"{domain.start + 1}–{domain.end}", domain.name, domain.role)
        for ranked in leads
        if ranked.design.car is not None
        for domain in ranked.design.car.domains
    )
    header = ("Design", "Residues", "Part", "Role")
    return Table("Receptor, N-terminus first", header, rows, (10, 15, 45, 30)) if rows else None


def _sequence(bases: str, file: str) -> str:
    if len(bases) <= _LONGEST_SHOWN:
        return bases
    return f"in {file}; SHA-256 {hashlib.sha256(bases.encode()).hexdigest()[:16]}…"


def properties(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Give what was computed on the vectors of the detailed designs."""
    rows = tuple(
        (
            str(ranked.rank),
            promoter_text(vector),
            "; ".join(cpg_text(one) for one in vector.coding) or "–",
            "; ".join(f"{one.measures.gc:.0%}" for one in vector.coding) or "–",
            "; ".join(map(whole_text, vector.full_length)) or "not estimated",
        )
        for ranked in detailed_designs(plan)
        if (vector := ranked.design.vector) is not None
    )
    header = (
        "Design",
        "Promoters",
        "CpG of the coding sequences",
        "GC of the coding sequences",
        "Whole genomes, expected",
    )
    return (Table("Vectors, computed", header, rows, (9, 25, 22, 20, 24)),) if rows else ()


def materials(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """List what is to be ordered, what has to be screened before it, and the parts that vectors are made of."""
    blocks: list[Block] = []
    leads = detailed_designs(plan)
    ids = {ranked.design.design_id for ranked in leads}
    named = [
        (row.what, row.sequence)
        for row in order_rows(plan)
        if ids & {design.design_id for design in row.designs}
    ]
    named += [
        (f"{oligo.name}, design {ranked.rank}", oligo.sequence)
        for ranked in leads
        for oligo in ranked.design.oligos
        if ranked.design.vector is None
    ]
    rows = [
        (what, number_text(len(bases)), _viruses(bases), screening_mark(len(bases)))
        for what, bases in named
        if screening_mark(len(bases)) != "not asked for"
    ]
    if rows:
        left = len(rows) - _MOST_ROWS
        more = (
            f"{count_text(left, 'more sequence')} in oligos.tsv and constructs_order.tsv." if left > 0 else ""
        )
        header = ("Sequence", "Bases", "Vector parts from viruses in it", "Biosecurity screening")
        blocks.append(
            Table(
                "Sequences of the designs described that a rule wants screened before they are ordered",
                header,
                tuple(rows[:_MOST_ROWS]),
                (40, 10, 32, 18),
                more,
            )
        )
        blocks.append(Gap(f"A screening record of each of these sequences. {HOW_TO_SCREEN}"))
    elif plan.designs:
        blocks.append(
            Text(
                "No sequence of the plan is long enough for a rule to ask that it is screened before it is ordered."
            )
        )
    parts = {
        part.key: part
        for ranked in leads
        if ranked.design.vector is not None
        for part in ranked.design.vector.parts
    }
    if parts:
        header = ("Part", "Kind", "Bases", "Sources")
        blocks.append(
            Table(
                "Parts of the vectors described",
                header,
                tuple(
                    (
                        part.name,
                        part.kind.value.replace("_", " "),
                        number_text(part.length_bp),
                        sources.cite(part.sources, checked=part.checked),
                    )
                    for part in parts.values()
                ),
                (44, 20, 12, 24),
            )
        )
    return tuple(blocks)


def _viruses(bases: str) -> str:
    """Name the vector parts from viruses in a sequence, virus by virus."""
    found: dict[str, list[str]] = {}
    for part in expected_parts(bases):
        found.setdefault(part.virus, []).append(part.key)
    return (
        "; ".join(f"{virus}: {', '.join(dict.fromkeys(keys))}" for virus, keys in found.items())
        or "none found"
    )


def release(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """Give the release tests that are asked of a cell product, where one is planned."""
    seen: dict[tuple[str, str], str] = {}
    for ranked in detailed_designs(plan):
        for item in ranked.design.car.watch if ranked.design.car is not None else ():
            if item.when == "release":
                cited = sources.cite(item.sources, checked=item.checked)
                seen.setdefault((item.what, item.because), cited)
    if not seen:
        return ()
    rows = tuple((what, because, cited) for (what, because), cited in seen.items())
    return (Table("Asked before release", ("What", "Why", "Sources"), rows, (50, 32, 18)),)


def product(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """Say in what the substances of the detailed designs would be given, and at which dose others gave theirs."""
    leads = detailed_designs(plan)
    rows = []
    for ranked in leads:
        vehicle = next((one for one in ranked.assessment.findings if one.rule.startswith("delivery.")), None)
        vector = ranked.design.vector
        dose = vector.dose if vector is not None else None
        rows.append(
            (
                str(ranked.rank),
                vector.capsid_name if vector is not None else "",
                vehicle.because if vehicle is not None else "not told",
                f"{dose_text(vector)}: {dose.basis}"
                if vector is not None and dose is not None
                else "no anchor known",
                sources.cite(dose.sources, checked=dose.checked) if dose is not None else "",
            )
        )
    if not rows:
        return ()
    header = (
        "Design",
        "Particle",
        "Vehicle and place",
        "Dose given elsewhere, never a recommendation",
        "Sources",
    )
    return (Table("What would be given", header, tuple(rows), (8, 14, 38, 28, 12)),)


def files(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """Name the files of the dossier that a reviewer can check the sequences with."""
    items = [
        "plan.json: the whole plan for machines, with a published schema.",
        "designs.tsv, offtargets.tsv, oligos.tsv: every design, off-target site and strand to order.",
        "laboratory.html: what to order, to measure and to run beside it.",
    ]
    placed = placed_constructs(plan)
    if placed:
        items.append(f"constructs: {count_text(len(placed), 'construct')} as GenBank and FASTA.")
    if any(one.design.vector is not None and one.design.vector.coding for one in vector_designs(plan)):
        items.append(
            "constructs/replay.json: every codon edit, to be replayed and checked without this software."
        )
    return (Bullets(tuple(items)),)
