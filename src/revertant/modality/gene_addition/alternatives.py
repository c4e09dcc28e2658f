"""Which vectors are worth drawing side by side: vehicle, form of genome and promoter, best proven first.

Not every combination is made. Each vehicle is shown with the form and the promoter that suit it best, and the first of
them with another form and another promoter, so that a reader sees what each decision changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from revertant import knowledge
from revertant.knowledge import Evidence, Tissue, VectorPart, Vehicle
from revertant.modality.gene_addition.cassette import Room, room_of
from revertant.modality.gene_addition.genomes import frame_bp, joining_bp
from revertant.modality.gene_addition.packaging import REFERENCE_BP, SHORT_GENOME_BP
from revertant.modality.gene_addition.promoters import PromoterChoice, promoters_for
from revertant.model import EditingPlace, FeatureKind, GenomeForm

__all__ = ["SITES_BP", "Alternative", "Brief", "alternatives", "shortest_polya_bp"]

#: Two restriction sites of at most eight bases beside the coding sequence.
SITES_BP = 16
#: Vehicles of one kind that are drawn, and vectors in all.
_MOST_OF_A_KIND = 2
_MOST = 6
#: Tissues where the days until a single-stranded genome has been made double count.
_EARLY = (Tissue.SPINAL_CORD, Tissue.BRAIN)
#: Self-complementary genomes need no second strand to be made before they are read (McCarty 2003).
SELF_COMPLEMENTARY_SOURCES = ("doi:10.1038/sj.gt.3302134",)

_FORMS_OF_KIND = {
    "AAV": (GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.SINGLE_STRANDED_AAV),
    "dual AAV": (GenomeForm.DUAL_AAV,),
    "lentivirus": (GenomeForm.LENTIVIRAL,),
    "LNP": (GenomeForm.MRNA,),
}

_DUAL_NEEDED = "One AAV has no room for the gene, and an oversized genome gives pieces without protein."
_DUAL_NOT_NEEDED = (
    "It was asked for: one AAV has room for the gene, and one asks less than two that have to meet."
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What is asked of the vectors.

    Parameters
    ----------
    gene, coding_bp
        What is carried, and its length with stop codon.
    tissue
        Where it has to be made.
    forms, capsid, promoter
        What the user insists on; empty where it is left open.
    own_parts
        The user's own parts by key.
    """

    gene: str
    coding_bp: int
    tissue: Tissue
    forms: tuple[GenomeForm, ...]
    capsid: str
    promoter: str
    own_parts: Mapping[str, VectorPart]

    @property
    def parts(self) -> Mapping[str, VectorPart]:
        """The catalogue's parts and the user's."""
        return {**knowledge.vector_parts(), **self.own_parts}


@dataclass(frozen=True, slots=True)
class Alternative:
    """One vector to be made.

    Parameters
    ----------
    vehicle, form
        What brings the gene, and as what.
    promoter, weighed
        The promoter, and all that were weighed; ``None`` and empty for an mRNA.
    form_because
        Why this form.
    stands_because
        Why it stands behind the first; empty for the first.
    """

    vehicle: Vehicle
    form: GenomeForm
    promoter: PromoterChoice | None
    weighed: tuple[PromoterChoice, ...]
    form_because: str
    stands_because: str = ""


def shortest_polya_bp(parts: Mapping[str, VectorPart]) -> int:
    """Return the length of the shortest polyadenylation signal that is held.

    Examples
    --------
    >>> shortest_polya_bp(knowledge.vector_parts())
    49
    """
    return min(len(p.sequence) for p in parts.values() if p.kind is FeatureKind.POLYA_SIGNAL and p.sequence)


def alternatives(vehicles: Sequence[Vehicle], brief: Brief, refused: list[str]) -> tuple[Alternative, ...]:
    """Choose the vectors to be made, the one to be put forward first.

    Parameters
    ----------
    vehicles
        What has carried a gene into the tissue, best proven first.
    brief
        What is asked.
    refused
        Told, in one sentence each, what was not made and why.

    Returns
    -------
    tuple[Alternative, ...]
        Six at most; empty where nothing fits, with the reasons in ``refused``.
    """
    usable = [one for one in vehicles if _usable(one, brief, refused)]
    alone = not any(one.kind == "AAV" for one in usable)
    every = {one.key: _of_vehicle(one, brief, refused, alone=alone) for one in usable}
    fits_one = any(every[one.key] for one in usable if one.kind == "AAV")
    leads: list[Alternative] = []
    by_kind: dict[str, int] = {}
    for vehicle in usable:
        found = every[vehicle.key]
        if not found:
            continue
        if vehicle.kind == "dual AAV" and fits_one and GenomeForm.DUAL_AAV not in brief.forms:
            refused.append(f"{vehicle.name}: one vector has room for the gene, so two are not needed")
            continue
        by_kind[vehicle.kind] = by_kind.get(vehicle.kind, 0) + 1
        if by_kind[vehicle.kind] > _MOST_OF_A_KIND:
            refused.append(
                f"{vehicle.name}: {_MOST_OF_A_KIND} vehicles of its kind with as much evidence are drawn"
            )
            continue
        leads.append(found[0])
    if not leads:
        return ()
    first = leads[0]
    others = every[first.vehicle.key]
    variants = _variants(first, others)
    made = [*leads, *variants][:_MOST]
    return tuple(replace(one, stands_because=_behind(one, first, brief)) for one in made)


def _usable(vehicle: Vehicle, brief: Brief, refused: list[str]) -> bool:
    """Whether vectors of this kind are designed here, may be given to people, and are what was asked for."""
    if brief.capsid and brief.capsid.lower() not in {vehicle.capsid.lower(), vehicle.key.lower()}:
        return False
    if vehicle.kind not in _FORMS_OF_KIND:
        refused.append(f"{vehicle.name}: vectors of this kind are not designed here")
        return False
    if "AAV" in vehicle.kind and vehicle.place is EditingPlace.EX_VIVO:
        refused.append(
            f"{vehicle.name}: its genome is lost when treated cells divide, unless it is a donor for repair"
        )
        return False
    known = knowledge.capsids().get(vehicle.capsid)
    if known is not None and known.blocked_in_people:
        refused.append(f"{vehicle.name}: {known.blocked_in_people}")
        return False
    return True


def _of_vehicle(vehicle: Vehicle, brief: Brief, refused: list[str], *, alone: bool) -> list[Alternative]:
    """The forms a vehicle can carry, best first, each with its promoters in order.

    ``alone`` says that no single AAV is known in the tissue: a capsid that brought two halves there brings one genome
    too.
    """
    whole_too = alone and vehicle.kind == "dual AAV"
    kinds = (*(_FORMS_OF_KIND["AAV"] if whole_too else ()), *_FORMS_OF_KIND[vehicle.kind])
    forms = [form for form in kinds if not brief.forms or form in brief.forms]
    found = {form: list(_of_form(vehicle, form, brief, refused)) for form in forms}
    if whole_too and GenomeForm.DUAL_AAV not in brief.forms:
        whole = [form for form in _FORMS_OF_KIND["AAV"] if found.get(form)]
        forms = whole or forms
    double = found.get(GenomeForm.SELF_COMPLEMENTARY_AAV, [])
    single = found.get(GenomeForm.SINGLE_STRANDED_AAV, [])
    if double and single and not _wants_double(double[0], single[0], brief):
        return [*single, *double]
    return [one for form in forms for one in found[form]]


def _wants_double(double: Alternative, single: Alternative, brief: Brief) -> bool:
    """Whether the self-complementary form goes first: days count, or a single-stranded genome would be short.

    It never does at the price of the promoter that suits the tissue best.
    """
    assert double.promoter is not None
    assert single.promoter is not None
    if double.promoter.part.key != single.promoter.part.key:
        return False
    length = frame_bp(GenomeForm.SINGLE_STRANDED_AAV, brief.parts) + _inner_bp(single.promoter.part, brief)
    return brief.tissue in _EARLY or length < SHORT_GENOME_BP


def _inner_bp(promoter: VectorPart, brief: Brief) -> int:
    """Bases between the ends with the shortest polyadenylation signal."""
    kozak = len(brief.parts["kozak"].sequence)
    return len(promoter.sequence) + brief.coding_bp + kozak + SITES_BP + shortest_polya_bp(brief.parts)


def _of_form(vehicle: Vehicle, form: GenomeForm, brief: Brief, refused: list[str]) -> Iterable[Alternative]:
    if form is GenomeForm.MRNA:
        text = (
            "An mRNA is read in the cytoplasm of the cells that take the particle up; it is gone within days."
        )
        return [Alternative(vehicle, form, None, (), text)]
    weighed = promoters_for(brief.tissue, form, brief.gene, asked=brief.promoter, own_parts=brief.own_parts)
    usable = [one for one in weighed if one.usable]
    if not usable:
        refused.append(f"{form} in {vehicle.name}: no promoter for {brief.tissue.value} can be used")
        return []
    if form is GenomeForm.DUAL_AAV:
        usable = [one for one in usable if _fits_two(one.part, brief)]
        if not usable:
            refused.append(
                f"{form}: two AAV have no room for {brief.coding_bp:,} coding bases with the parts held"
            )
    if form is GenomeForm.DUAL_AAV:
        single = GenomeForm.SINGLE_STRANDED_AAV
        text = _DUAL_NOT_NEEDED if _fitting(usable, single, room_of(single), brief) else _DUAL_NEEDED
        return [Alternative(vehicle, form, one, weighed, text) for one in usable]
    if form is GenomeForm.LENTIVIRAL:
        return [Alternative(vehicle, form, one, weighed, _form_reason(form, brief)) for one in usable]
    room = room_of(form)
    fitting = _fitting(usable, form, room, brief)
    if not fitting:
        least = min(_inner_bp(one.part, brief) for one in usable) + frame_bp(form, brief.parts)
        limit = room.soft_bp if form is GenomeForm.SELF_COMPLEMENTARY_AAV else room.hard_bp
        refused.append(
            f"{form}: with the shortest parts held for {brief.tissue.value} the genome has {least:,} bases, and "
            f"{limit:,} is the limit; an oversized genome is never proposed"
        )
    shown = " What was shown there is two halves in this capsid; one genome asks less of it."
    text = _form_reason(form, brief) + (shown if vehicle.kind == "dual AAV" else "")
    return [Alternative(vehicle, form, one, weighed, text) for one in fitting]


def _fits_two(promoter: VectorPart, brief: Brief) -> bool:
    """Whether two genomes have room for the gene, what joins it, and the shortest parts."""
    each = REFERENCE_BP - frame_bp(GenomeForm.DUAL_AAV, brief.parts)
    beside = _inner_bp(promoter, brief) - brief.coding_bp - SITES_BP
    return brief.coding_bp + beside + joining_bp(brief.parts) <= 2 * each


def _fitting(
    usable: Sequence[PromoterChoice], form: GenomeForm, room: Room, brief: Brief
) -> list[PromoterChoice]:
    """Promoters that leave the genome whole; where there is none, those that leave it below the stop."""
    frame = frame_bp(form, brief.parts)
    assert room.soft_bp is not None
    assert room.hard_bp is not None
    soft = [one for one in usable if frame + _inner_bp(one.part, brief) <= room.soft_bp]
    if soft or form is GenomeForm.SELF_COMPLEMENTARY_AAV:
        return soft
    hard = [one for one in usable if frame + _inner_bp(one.part, brief) < room.hard_bp]
    return sorted(hard, key=lambda one: len(one.part.sequence))


def _form_reason(form: GenomeForm, brief: Brief) -> str:
    if form is GenomeForm.SELF_COMPLEMENTARY_AAV:
        when = "days count here" if brief.tissue in _EARLY else "a single-stranded genome would be short"
        return f"It fits, needs no second strand to be made before it is read, and {when}."
    if form is GenomeForm.SINGLE_STRANDED_AAV:
        return "It has room for the cassette in one genome."
    return "It integrates, so that it is kept when stem cells and their progeny divide."


def _variants(first: Alternative, others: Sequence[Alternative]) -> list[Alternative]:
    """The first vehicle once with another form, and once with another promoter."""
    other_form = next((one for one in others if one.form is not first.form), None)
    other_promoter = next(
        (
            one
            for one in others
            if one.form is first.form
            and one.promoter is not None
            and one.promoter is not first.promoter
            and one.promoter.part.key != (first.promoter.part.key if first.promoter else "")
        ),
        None,
    )
    return [one for one in (other_promoter, other_form) if one is not None]


def _behind(one: Alternative, first: Alternative, brief: Brief) -> str:
    """Say why a vector stands behind the first."""
    if one is first:
        return ""
    ours, theirs = (each.vehicle.evidence(brief.tissue.value, "addition") for each in (one, first))
    if ours is not theirs:
        return f"its vehicle's use in this tissue is {_stage(ours)}, that of the first is {_stage(theirs)}"
    if one.vehicle is not first.vehicle:
        if one.form is not first.form:
            return f"its vehicle is as far proven here; it brings the gene as {one.form}"
        return f"its vehicle is as far proven here and given another way ({one.vehicle.route}, {one.vehicle.capsid})"
    if one.form is not first.form:
        return f"it takes the same vehicle with another form of genome ({one.form})"
    name = one.promoter.part.name if one.promoter else "none"
    return f"it takes the same vehicle with another promoter ({name})"


def _stage(evidence: Evidence) -> str:
    return "approved" if evidence is Evidence.APPROVED else f"at the {evidence.value} stage"
