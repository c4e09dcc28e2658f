"""What the page, the drawing and the terminal show of a simulation: the same words and the same shortening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from revertant.dossier.alignment import Aligned, aligned
from revertant.dossier.drawing.alignment import draw_alignment
from revertant.dossier.drawing.outcomes import draw_indels, indel_legend
from revertant.dossier.drawing.sequence import draw_sequence, legend_of
from revertant.dossier.words import count_text, percent
from revertant.model import BaseChange, Consequence, Strand
from revertant.planning.simulation import EditedAllele, Simulation, SimulationReport, copies_words

__all__ = [
    "METHODS",
    "AlleleView",
    "SimulationView",
    "allele_names",
    "consequence_words",
    "headline",
    "simulation_views",
]

METHODS = {
    "nuclease": "Nuclease cut",
    "base_editing": "Base edit",
    "prime_editing": "Prime edit",
    "hdr": "Repair from a donor",
}
_WIDE, _NARROW = 76, 26
#: Alleles with a drawing of their own; the table lists all.
MOST_DRAWN = 8
_LONGEST_WORD = 12


@dataclass(frozen=True, slots=True)
class AlleleView:
    """One sequence that comes out, as shown."""

    allele: EditedAllele
    rows: Aligned
    names: tuple[str, ...]
    does: tuple[str, ...]
    drawing: Markup
    drawing_narrow: Markup


@dataclass(frozen=True, slots=True)
class SimulationView:
    """One edit of one sequence, as shown."""

    simulation: Simulation
    title: str
    copies: str
    before: tuple[str, ...]
    drawing: Markup
    drawing_narrow: Markup
    legend: tuple[tuple[str, str], ...]
    alleles: tuple[AlleleView, ...]
    lengths: Markup
    lengths_narrow: Markup
    lengths_legend: tuple[tuple[str, str], ...]


def simulation_views(report: SimulationReport) -> tuple[SimulationView, ...]:
    """Prepare every simulation of a report."""
    return tuple(_view(simulation) for simulation in report.simulations)


def _view(simulation: Simulation) -> SimulationView:
    wide, narrow = (_main_drawing(simulation, columns) for columns in (_WIDE, _NARROW))
    return SimulationView(
        simulation,
        f"{METHODS[simulation.method]}, {simulation.effector_name}",
        copies_words(simulation.haplotypes, on_genome=simulation.on_genome)
        + ("" if simulation.certain else ", not certain"),
        _does(simulation.before),
        wide,
        narrow,
        legend_of(simulation.view),
        tuple(_allele(simulation, allele, number) for number, allele in enumerate(simulation.alleles)),
        # The drawing holds numbers alone.
        Markup(draw_indels(simulation.indel_lengths)),  # noqa: S704
        Markup(draw_indels(simulation.indel_lengths, narrow=True)),  # noqa: S704
        indel_legend() if simulation.indel_lengths else (),
    )


def _main_drawing(simulation: Simulation, columns: int) -> Markup:
    changes = _base_changes(simulation)
    codons = [span for span in simulation.view.spans if span.kind == "codon"]
    gene = next((c.gene for c in simulation.before.consequences), "") if codons else ""
    # The drawing escapes its own texts.
    return Markup(  # noqa: S704
        draw_sequence(
            simulation.view,
            changes=changes,
            planned=_planned(simulation),
            gene=gene,
            gene_strand=codons[0].strand if codons else Strand.PLUS,
            columns=columns,
        )
    )


def _base_changes(simulation: Simulation) -> tuple[BaseChange, ...]:
    """The bases changed by any allele, as the drawing of the double strand takes them."""
    found: list[BaseChange] = []
    for allele in simulation.alleles:
        found += _singles(simulation, allele)
    return tuple(dict.fromkeys(found))


def _planned(simulation: Simulation) -> tuple[BaseChange, ...]:
    """The changes of the first allele, whose residues the drawing shows."""
    return tuple(_singles(simulation, simulation.alleles[0])) if simulation.alleles else ()


def _singles(simulation: Simulation, allele: EditedAllele) -> Sequence[BaseChange]:
    if len(allele.removed) != len(allele.written):
        return ()
    # In step with what is drawn: other indels of the copy move its bases against the reference.
    offset = simulation.view.locus.start - simulation.view_start
    return [
        BaseChange(offset + allele.start + i, old, new)
        for i, (old, new) in enumerate(zip(allele.removed, allele.written, strict=True))
        if old != new
    ]


def _allele(simulation: Simulation, allele: EditedAllele, number: int) -> AlleleView:
    rows = aligned(simulation, allele)
    wide, narrow = "", ""
    if number < MOST_DRAWN:
        wide, narrow = (draw_alignment(rows, columns=columns) for columns in (_WIDE, _NARROW))
    # The drawings escape their own texts.
    return AlleleView(
        allele,
        rows,
        allele_names(simulation, allele),
        _does(allele),
        Markup(wide),  # noqa: S704
        Markup(narrow),  # noqa: S704
    )


def allele_names(simulation: Simulation, allele: EditedAllele) -> tuple[str, ...]:
    """Name what an allele is against the reference.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_base_edit
    >>> ground = given_ground("GGTTTTTATCACAGGCTCCAGGAAGGGTTT")
    >>> made = simulate_base_edit(ground, "TTTTATCACAGGCTCCAGGA", knowledge.editors()["abemax"])
    >>> allele_names(made, made.alleles[0]), allele_names(made, made.before)
    (('sequence:g.8A>G',), ('the sequence as given',))
    """
    if allele.hgvs_g:
        return allele.hgvs_g
    return ("the reference sequence" if simulation.on_genome else "the sequence as given",)


def consequence_words(consequence: Consequence) -> str:
    """Say in one line what variants do to a transcript.

    Examples
    --------
    >>> from revertant.model import ConsequenceTerm
    >>> consequence_words(Consequence("T.1", "G", (ConsequenceTerm.MISSENSE,), "T.1:c.5A>T", "p.(Glu2Val)"))
    'G T.1:c.5A>T, p.(Glu2Val): missense variant'
    """
    named = ", ".join(filter(None, (consequence.hgvs_c or consequence.transcript_id, consequence.hgvs_p)))
    return f"{consequence.gene} {named}: {consequence.worst.value.replace('_', ' ')}"


def _does(allele: EditedAllele) -> tuple[str, ...]:
    return tuple(map(consequence_words, allele.consequences))


def headline(simulation: Simulation) -> str:
    """Say in one sentence what comes out.

    Examples
    --------
    >>> from revertant import knowledge
    >>> from revertant.planning.simulation import given_ground, simulate_base_edit, simulate_cut
    >>> ground = given_ground("GGTTTTTATCACAGGCTCCAGGAAGGGTTT")
    >>> headline(simulate_cut(ground, "TTTTATCACAGGCTCCAGGA", knowledge.nucleases()["spcas9"]))
    'SpCas9 cuts at sequence:20^21.'
    >>> headline(simulate_base_edit(ground, "TTTTATCACAGGCTCCAGGA", knowledge.editors()["abemax"]))
    'ABEmax leaves 3 genotypes; the largest share, 85%, is A5G: sequence:g.8A>G.'
    """
    name = simulation.effector_name
    if not simulation.alleles:
        return f"{name} cuts at {dict(simulation.facts)['cut']}."
    first = simulation.alleles[0]
    if simulation.method == "nuclease":
        assert first.share is not None
        assert first.share.value is not None
        where = dict(simulation.facts)["cut"]
        return f"{name} cuts at {where}; the most frequent indel, {percent(first.share.value)}, is {first.label}."
    result = (_does(first) or (", ".join(allele_names(simulation, first)),))[0]
    if simulation.method == "base_editing":
        count = count_text(len(simulation.alleles), "genotype")
        if first.share is None or first.share.value is None:
            return f"{name} leaves {count}; their shares are not predicted."
        return f"{name} leaves {count}; the largest share, {percent(first.share.value)}, is {first.label}: {result}."
    if not first.changed_nt:
        return f"{name} writes what stands there: nothing changes."
    if simulation.method == "hdr":
        return f"Repair from the donor after {name} {_written(first)}. After it: {result}."
    return f"{name} {_written(first)}. After it: {result}."


def _written(allele: EditedAllele) -> str:
    old, new = (_short(letters) for letters in (allele.removed, allele.written))
    what = f"{new} in the place of {old}" if old and new else new
    return f"writes {what} at {allele.place}" if new else f"takes {old} out at {allele.place}"


def _short(letters: str) -> str:
    return letters if len(letters) <= _LONGEST_WORD else f"{len(letters):,} bases"
