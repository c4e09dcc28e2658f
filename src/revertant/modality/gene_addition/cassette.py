"""What stands between the ends of a genome: each part chosen, with the reason, and with what was not chosen.

A part is taken where it helps and fits. What fits is asked of the packaging curve: a part that is not needed must not
push a genome over the length up to which all are whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from revertant import knowledge
from revertant.knowledge import Tissue, VectorPart, Vehicle
from revertant.modality.gene_addition.packaging import (
    REFERENCE_BP,
    SC_LIMIT_BP,
    SC_STOP_BP,
    SHORT_GENOME_BP,
    STOP_BP,
)
from revertant.modality.gene_addition.promoters import NOT_STRONGER, PromoterChoice, has_intron
from revertant.model import Choice, FeatureKind, GenomeForm

__all__ = ["Cassette", "Room", "Setting", "choose_cassette", "detargeting_bases", "room_of"]

#: Copies of a miRNA site in a row, and what stands between them: no CpG, no polyadenylation signal.
_COPIES = (4, 3)
_SPACERS = ("ACTC", "TCAC", "ATCA")
_CNS = (Tissue.BRAIN, Tissue.SPINAL_CORD)
#: Null AAV9 with as much DNA in dorsal root ganglia made no lesions: what is expressed does (PMC8851102).
_DRG_SOURCES = ("pmcid:PMC8851102",)
#: A screen of 26 miRNAs for sites that keep the transgene out of antigen-presenting cells.
_APC_SOURCES = ("pmcid:PMC8113644",)


@dataclass(frozen=True, slots=True)
class Room:
    """How long a genome may be.

    Parameters
    ----------
    soft_bp
        Up to here all genomes are as often whole as at the wild type's length; what is not needed must stay below.
    hard_bp
        From here on a genome is refused; ``None`` where nothing bounds it.
    """

    soft_bp: int | None
    hard_bp: int | None


def room_of(form: GenomeForm) -> Room:
    """Return the limits of a form.

    Examples
    --------
    >>> room_of(GenomeForm.SELF_COMPLEMENTARY_AAV)
    Room(soft_bp=2350, hard_bp=2500)
    """
    if form is GenomeForm.SELF_COMPLEMENTARY_AAV:
        return Room(SC_LIMIT_BP, SC_STOP_BP)
    if form in {GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.DUAL_AAV}:
        return Room(REFERENCE_BP, STOP_BP)
    return Room(None, None)


@dataclass(frozen=True, slots=True)
class Cassette:
    """The parts of one expression cassette, in the order in which they stand.

    Parameters
    ----------
    promoter
        The promoter.
    polya
        The polyadenylation signal; ``None`` where the genome must not have one inside.
    kozak
        What stands before the start codon.
    wpre
        The posttranscriptional element, or ``None``.
    detargeting
        Keys of miRNA sites and how many copies of each.
    choices
        Every decision.
    """

    promoter: VectorPart
    polya: VectorPart | None
    kozak: VectorPart
    wpre: VectorPart | None = None
    detargeting: tuple[tuple[str, int], ...] = ()
    choices: tuple[Choice, ...] = ()

    @property
    def regulation_bp(self) -> int:
        """Bases beside the coding sequence and the ends."""
        parts = (self.promoter, self.polya, self.kozak, self.wpre)
        sites = sum(len(detargeting_bases(key, copies)) for key, copies in self.detargeting)
        return sum(len(part.sequence) for part in parts if part is not None) + sites


def detargeting_bases(key: str, copies: int) -> str:
    """Return copies of a miRNA site with spacers between and before them.

    Examples
    --------
    >>> detargeting_bases("mirna_122", 3).count("CAAACACCATTGTCACACTCCA")
    3
    """
    site = knowledge.vector_part(key).sequence
    return "".join(_SPACERS[number % len(_SPACERS)] + site for number in range(copies))


@dataclass(frozen=True, slots=True)
class Setting:
    """For what a cassette is chosen.

    Parameters
    ----------
    form, tissue, vehicle
        The genome, where the gene has to be made, and what brings it there.
    gene
        Its symbol: too much of some genes' products is known to do harm.
    own_parts
        The user's own parts by key: they are taken before the catalogue's.
    """

    form: GenomeForm
    tissue: Tissue
    vehicle: Vehicle
    gene: str
    own_parts: Mapping[str, VectorPart] = field(default_factory=dict)

    @property
    def parts(self) -> Mapping[str, VectorPart]:
        """The catalogue's parts and the user's."""
        return {**knowledge.vector_parts(), **self.own_parts}


@dataclass
class _Budget:
    """What is left up to a limit while parts are put in one by one."""

    used: int
    room: Room
    choices: list[Choice] = field(default_factory=list)

    def spares(self, bases: int) -> bool:
        """Whether so many bases more leave the genome within the length up to which all are whole."""
        return self.room.soft_bp is None or self.used + bases <= self.room.soft_bp


def choose_cassette(
    promoter: PromoterChoice, others: Sequence[PromoterChoice], setting: Setting, fixed_bp: int
) -> Cassette:
    """Choose what stands beside a coding sequence and its promoter.

    Parameters
    ----------
    promoter, others
        The promoter taken, and those weighed with it.
    setting
        For what.
    fixed_bp
        Bases that are there in any case: ends, coding sequence, cloning sites.
    """
    kozak = setting.parts["kozak"]
    budget = _Budget(fixed_bp + len(promoter.part.sequence) + len(kozak.sequence), room_of(setting.form))
    budget.choices.append(_promoter_choice(promoter, others, setting.gene))
    budget.choices.append(_intron_choice(promoter.part, setting.form))
    polya = _polya(setting, budget)
    detargeting = _detargeting(setting, budget)
    wpre = _wpre(setting, promoter.part, budget)
    return Cassette(promoter.part, polya, kozak, wpre, detargeting, tuple(budget.choices))


def _promoter_choice(promoter: PromoterChoice, others: Sequence[PromoterChoice], gene: str) -> Choice:
    native = (
        f"{gene}'s own promoter",
        "no sequence of it is held; in mice a native promoter did better for SMN1",
    )
    return Choice(
        "promoter",
        promoter.part.name,
        f"{promoter.part.name}: {promoter.because}. A stronger promoter is not taken for a better one.",
        (*((one.part.name, _weighed(one)) for one in others if one.part.key != promoter.part.key), native),
        tuple(dict.fromkeys((*promoter.sources, NOT_STRONGER))),
    )


def _weighed(one: PromoterChoice) -> str:
    return f"could be used, behind the one taken: {one.because}" if one.usable else one.because


def _intron_choice(promoter: VectorPart, form: GenomeForm) -> Choice:
    if has_intron(promoter):
        return Choice(
            "intron", "the promoter's own", f"{promoter.name} brings its intron: a second is not added."
        )
    if form is GenomeForm.LENTIVIRAL:
        because = "An intron on the strand of the genome is spliced out before the genome is packaged."
    else:
        because = (
            "An intron needs an exon before its donor, and where transcription starts in this promoter part is not "
            "held in the catalogue."
        )
    introns = knowledge.parts_of_kind(FeatureKind.INTRON)
    return Choice("intron", "none", because, tuple((one.name, "left out for that reason") for one in introns))


def _polya(setting: Setting, budget: _Budget) -> VectorPart | None:
    """The preferred signal that fits; else the shortest."""
    form, own = setting.form, setting.own_parts
    if form is GenomeForm.LENTIVIRAL:
        budget.choices.append(
            Choice(
                "polyadenylation signal",
                "that of the 3' LTR",
                "A signal inside a lentiviral genome, on its strand, would end the genome.",
            )
        )
        return None
    weighed = [
        one
        for one in knowledge.parts_of_kind(FeatureKind.POLYA_SIGNAL, parts=setting.parts.values())
        if one.fits(form)
    ]
    held = sorted(
        (one for one in weighed if one.sequence),
        key=lambda one: (one.key not in own, not one.preferred, not one.checked, -len(one.sequence), one.key),
    )
    fitting = [one for one in held if budget.spares(len(one.sequence))]
    long_enough = [one for one in fitting if budget.used + len(one.sequence) >= SHORT_GENOME_BP]
    is_short = (
        form is GenomeForm.SINGLE_STRANDED_AAV and bool(long_enough) and long_enough[0] is not fitting[0]
    )
    if is_short and fitting[0].key not in own:
        chosen, because = (
            long_enough[0],
            "long enough for a genome of 3 kb: shorter ones are packaged as tandems too",
        )
    elif fitting:
        chosen, because = fitting[0], "preferred among those that fit"
    else:
        chosen = min(held, key=lambda one: len(one.sequence))
        because = "the shortest: the genome has no room for another"
    rest = [one for one in held if one is not chosen]
    alternatives = [
        (
            one.name,
            "it would make the genome too long"
            if not budget.spares(len(one.sequence))
            else "it is not preferred",
        )
        for one in rest
    ]
    alternatives += [(one.name, "no sequence of it is held") for one in weighed if not one.sequence]
    budget.used += len(chosen.sequence)
    budget.choices.append(
        Choice(
            "polyadenylation signal",
            chosen.name,
            f"{chosen.name} is {because}.",
            tuple(alternatives),
            chosen.sources,
        )
    )
    return chosen


def _wanted_sites(tissue: Tissue, vehicle: Vehicle) -> list[tuple[str, str, tuple[str, ...]]]:
    """Sites that would help here, most wanted first, each with the reason."""
    intravenous = vehicle.route == "intravenous"
    ganglia = (
        "mirna_183",
        "it keeps the gene silent in dorsal root ganglia, where expression, not the capsid, does harm",
        _DRG_SOURCES,
    )
    liver = (
        "mirna_122",
        "most of a dose in the vein ends in the liver, which is not to make this protein",
        knowledge.vector_part("mirna_122").sources,
    )
    immune = (
        "mirna_142_3p",
        "it keeps the gene silent in antigen-presenting cells, which lowers the response to its product",
        _APC_SOURCES,
    )
    wanted: list[tuple[str, str, tuple[str, ...]]] = []
    if tissue in _CNS:
        wanted.append(ganglia)
    if intravenous and tissue is not Tissue.LIVER:
        # In the vein the liver takes most; in the spinal fluid the ganglia are next to it.
        wanted.insert(0, liver)
    if intravenous and tissue not in {Tissue.HAEMATOPOIETIC_STEM_CELL, Tissue.T_CELL}:
        wanted.append(immune)
    return wanted


def _detargeting(setting: Setting, budget: _Budget) -> tuple[tuple[str, int], ...]:
    form, vehicle = setting.form, setting.vehicle
    what = "miRNA detargeting sites"
    if form in {GenomeForm.LENTIVIRAL, GenomeForm.MRNA}:
        because = (
            "Only the cells that are treated meet a vector given outside the body."
            if form is GenomeForm.LENTIVIRAL
            else "The particle goes to the liver, which is to make the protein."
        )
        budget.choices.append(Choice(what, "none", because))
        return ()
    wanted = _wanted_sites(setting.tissue, vehicle)
    if not wanted:
        because = f"{vehicle.name} brings little of the gene to cells where it would do harm."
        budget.choices.append(Choice(what, "none", because))
        return ()
    taken: list[tuple[str, int]] = []
    reasons: list[str] = []
    left: list[tuple[str, str]] = []
    sources: list[str] = []
    for key, because, basis in wanted:
        part = knowledge.vector_part(key)
        copies = next((n for n in _COPIES if budget.spares(len(detargeting_bases(key, n)))), None)
        if copies is None:
            left.append((part.name, "the genome has no room for it"))
            continue
        budget.used += len(detargeting_bases(key, copies))
        taken.append((key, copies))
        reasons.append(f"{part.name}, {copies} copies: {because}")
        sources += basis
    names = " and ".join(knowledge.vector_part(key).name for key, _ in taken) or "none"
    text = "; ".join(reasons) or "What would help has no room in this genome"
    alternatives = (
        (*left, ("none", "the gene would be read in every cell that the vector enters"))
        if taken
        else tuple(left)
    )
    budget.choices.append(Choice(what, names, f"{text}.", tuple(alternatives), tuple(dict.fromkeys(sources))))
    return tuple(taken)


def _wpre(setting: Setting, promoter: VectorPart, budget: _Budget) -> VectorPart | None:
    form, parts = setting.form, setting.parts
    what = "posttranscriptional element"
    safe = next(
        (
            one
            for one in knowledge.parts_of_kind(FeatureKind.REGULATORY, parts=parts.values())
            if one.sequence and one.fits(form) and not knowledge.woodchuck_x_protein(one.sequence)
        ),
        None,
    )
    if safe is None:
        against = f"none is held for {form}"
    elif setting.gene in knowledge.dosage_facts():
        against = "too much of this gene's product is known to do harm, so nothing raises it further"
    elif setting.tissue is Tissue.LIVER:
        against = "beside a liver promoter (TBG) it brought no benefit in rat liver"
    elif form is not GenomeForm.LENTIVIRAL and promoter.strength == "strong":
        against = "the promoter is strong as it is"
    elif not budget.spares(len(safe.sequence)):
        against = "the genome has no room for it"
    else:
        budget.used += len(safe.sequence)
        because = (
            "it raises titre and expression of lentiviral vectors"
            if form is GenomeForm.LENTIVIRAL
            else f"it raises what a promoter of {promoter.strength} strength makes"
        )
        wild = parts["wpre"].name
        budget.choices.append(
            Choice(
                what,
                safe.name,
                f"{safe.name}: {because}; no X peptide can be made of it.",
                (
                    (wild, "the first 61 residues of X can be made of it"),
                    ("none", "less of the product would be made"),
                ),
                tuple(dict.fromkeys((*safe.sources, *parts["wpre"].sources))),
            )
        )
        return safe
    budget.choices.append(
        Choice(
            what,
            "none",
            f"None: {against}.",
            ((safe.name, against),) if safe else (),
            parts["wpre"].sources if setting.tissue is Tissue.LIVER else (),
        )
    )
    return None
