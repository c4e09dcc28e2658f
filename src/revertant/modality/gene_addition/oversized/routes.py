"""By which ways a coding sequence of a given length can be brought, side by side, with the reasons.

A length decides most of it: one genome, a double-stranded one, two that join, a shortened gene. The others, a
lentivirus and mRNA, are bounded by the tissue. "One oversized AAV" is always among the answers where a gene does not
fit, and always refused.
"""

from __future__ import annotations

from functools import partial

from revertant.knowledge import MiniGene, Tissue, tissue_named
from revertant.modality.gene_addition.oversized.inteins import INTEIN_COMPARISON
from revertant.modality.gene_addition.oversized.minigenes import mini_genes_of
from revertant.modality.gene_addition.oversized.option import RouteOption, reach_of
from revertant.modality.gene_addition.oversized.other_routes import (
    lentiviral_option,
    mrna_option,
    other_options,
)
from revertant.modality.gene_addition.oversized.room import (
    LEAST_REGULATION_BP,
    REGULATION_BP,
    TERMINAL_REPEATS_BP,
    dual_room,
)
from revertant.modality.gene_addition.packaging import full_length_fraction, length_finding
from revertant.model import Finding, GenomeForm, Status

__all__ = ["routes_for_gene", "routes_for_length"]

#: Sharing the gene between two or three AAV: what was reached.
DUAL_SOURCES = ("pmcid:PMC3927955", INTEIN_COMPARISON)
TRIPLE_SOURCES = ("url:https://staging.scite.ai/authors/patrizia-tornabene-9blDl4",)
OVERSIZED_SOURCES = (
    "pmcid:PMC5321474",
    "doi:10.1038/mt.2009.255",
    "url:https://doi.org/10.21203/rs.3.rs-6620682/v1",
)
#: What triple AAV carry together.
TRIPLE_BP = 14_000


def routes_for_gene(
    gene: str, cds_bp: int, tissue: str, regulatory_bp: int | None = None
) -> tuple[RouteOption, ...]:
    """Judge every route for a gene, its shortened forms included.

    Parameters
    ----------
    gene
        HGNC symbol, for the shortened forms known of it.
    cds_bp, tissue, regulatory_bp
        As for :func:`routes_for_length`.

    Examples
    --------
    >>> options = routes_for_gene("F8", 7056, "liver")
    >>> [(o.name, o.fit.value) for o in options if o.key == "mini_gene"]
    [('B-domain-deleted factor VIII, SQ', 'caution')]
    """
    options = list(routes_for_length(cds_bp, tissue, regulatory_bp=regulatory_bp))
    fits_whole = any(o.key == "ssAAV" and o.fit is Status.PASS for o in options)
    minis = [
        _mini(mini, tissue_named(tissue), regulatory_bp) for mini in mini_genes_of(gene) if not fits_whole
    ]
    place = next((i for i, option in enumerate(options) if option.key == "dual_AAV"), len(options))
    return (*options[:place], *minis, *options[place:])


def routes_for_length(
    cds_bp: int, tissue: str, *, regulatory_bp: int | None = None
) -> tuple[RouteOption, ...]:
    """Judge every route for a coding sequence of one length.

    Parameters
    ----------
    cds_bp
        Coding length, stop codon included.
    tissue
        As :func:`revertant.knowledge.tissue_named` reads it.
    regulatory_bp
        Everything between the terminal repeats but the coding sequence; without it both a usual set (500 bp) and the
        shortest known (300 bp) are tried.

    Returns
    -------
    tuple[RouteOption, ...]
        Self-complementary, single-stranded, dual and, where nothing smaller fits, triple and oversized AAV, lentiviral
        and mRNA, and what else has brought a gene to this tissue, in this order; every one with its status.

    Examples
    --------
    >>> {o.key: o.fit.value for o in routes_for_length(885, "spinal cord")}["scAAV"]
    'pass'
    >>> options = {o.key: o for o in routes_for_length(6822, "retina")}
    >>> options["ssAAV"].fit.value, options["dual_AAV"].fit.value, options["oversized_AAV"].fit.value
    ('fail', 'caution', 'fail')
    """
    if cds_bp < 1:
        message = f"A coding length of {cds_bp} bases is no length."
        raise ValueError(message)
    wanted = tissue_named(tissue)
    sets = (regulatory_bp,) if regulatory_bp is not None else (REGULATION_BP, LEAST_REGULATION_BP)
    one_aav = partial(_one_aav, cds_bp, wanted, sets)
    double = one_aav(GenomeForm.SELF_COMPLEMENTARY_AAV)
    single = one_aav(GenomeForm.SINGLE_STRANDED_AAV)
    dual = _dual(cds_bp, wanted, sets, needed=single.fit is not Status.PASS)
    options = [double, single, dual]
    if single.fit is Status.FAIL:
        if dual.fit is Status.FAIL:
            options.append(_triple(cds_bp, wanted, sets))
        options.append(_oversized(cds_bp, wanted, sets))
    return (
        *options,
        lentiviral_option(cds_bp, wanted, sets),
        mrna_option(cds_bp, wanted),
        *other_options(wanted),
    )


def _one_aav(cds_bp: int, tissue: Tissue, sets: tuple[int, ...], form: GenomeForm) -> RouteOption:
    """The first set of parts with which it passes; else the shortest, whose verdict is then at best a caution."""
    lengths = [cds_bp + regulation + TERMINAL_REPEATS_BP for regulation in sets]
    passing = [length for length in lengths if length_finding(length, form).status is Status.PASS]
    packaged = passing[0] if passing else min(lengths)
    finding = length_finding(packaged, form)
    fit = finding.status
    parts = f"{packaged - cds_bp - TERMINAL_REPEATS_BP} bp of promoter and other parts"
    if fit is Status.PASS and packaged < lengths[0]:
        fit = Status.CAUTION
        because = f"Fits only with the shortest parts known: {packaged:,} bp with {parts}."
    else:
        verdict = {Status.PASS: "Fits", Status.CAUTION: "Fits barely"}.get(fit, "Does not fit")
        because = f"{verdict}: {packaged:,} bp with {parts} and the terminal repeats."
    reach = reach_of(tissue, "AAV")
    double = form is GenomeForm.SELF_COMPLEMENTARY_AAV
    return RouteOption(
        form.value,
        "self-complementary AAV" if double else "single-stranded AAV",
        form,
        fit,
        reach.status,
        (packaged,),
        (full_length_fraction(packaged, form),),
        because,
        (finding, reach),
        finding.sources,
        finding.checked,
    )


def _dual(cds_bp: int, tissue: Tissue, sets: tuple[int, ...], *, needed: bool) -> RouteOption:
    form = GenomeForm.DUAL_AAV
    room = next((r for r in map(dual_room, sets) if r.five_prime_bp + r.three_prime_bp >= cds_bp), None)
    reach = reach_of(tissue, "dual AAV", "AAV")
    if room is None:
        most = max(r.five_prime_bp + r.three_prime_bp for r in map(dual_room, sets))
        text = f"The coding sequence is longer than the {most:,} bp that two AAV have room for."
        rule = Finding("route.dual_length", Status.FAIL, text, f"{cds_bp:,} bp", f"{most:,} bp", DUAL_SOURCES)
        return RouteOption(
            form.value, "dual AAV", form, Status.FAIL, reach.status, (), (), text, (rule, reach), DUAL_SOURCES
        )
    most = room.five_prime_bp + room.three_prime_bp
    spare = (most - cds_bp) // 2
    lengths = (4700 - spare, 4700 - (most - cds_bp - spare))
    need = "" if needed else " It fits one AAV: two are not needed."
    text = (
        "Fits in two, joined by a hybrid (AK), trans-splicing, overlap or a split intein. In the retina of mice and "
        "pigs hybrid and trans-splicing vectors reached less than one AAV does; Cfa and gp41-1 joined more than twice "
        f"as much as Npu. Both vectors must enter the same cell.{need}"
    )
    rule = Finding(
        "route.dual_length",
        Status.CAUTION,
        text,
        f"{cds_bp:,} bp",
        f"{most:,} bp in two halves",
        DUAL_SOURCES,
    )
    shares = tuple(full_length_fraction(length, form) for length in lengths)
    return RouteOption(
        form.value,
        "dual AAV",
        form,
        Status.CAUTION,
        reach.status,
        lengths,
        shares,
        text,
        (rule, reach),
        DUAL_SOURCES,
    )


def _triple(cds_bp: int, tissue: Tissue, sets: tuple[int, ...]) -> RouteOption:
    total = cds_bp + min(sets)
    reach = reach_of(tissue, "AAV")
    fits = total <= TRIPLE_BP
    text = (
        f"Three AAV carry about {TRIPLE_BP // 1000} kb together, and about 4 % of the photoreceptors of mice had all "
        f"three, with aberrant transcripts beside the whole one{'' if fits else '; this gene is longer still'}."
    )
    status = Status.CAUTION if fits else Status.FAIL
    rule = Finding("route.triple_length", status, text, f"{total:,} bp", f"{TRIPLE_BP:,} bp", TRIPLE_SOURCES)
    return RouteOption(
        "triple_AAV", "triple AAV", None, status, reach.status, (), (), text, (rule, reach), TRIPLE_SOURCES
    )


def _oversized(cds_bp: int, tissue: Tissue, sets: tuple[int, ...]) -> RouteOption:
    packaged = cds_bp + min(sets) + TERMINAL_REPEATS_BP
    text = (
        "Refused: an oversized genome is packaged as pieces of different lengths, cut off at the 5' end. Such pieces "
        "of ABCA4 gave RNA, hybrid transcripts among it, and no protein that could be detected."
    )
    rule = Finding(
        "route.oversized_aav", Status.FAIL, text, f"{packaged:,} bp", "5,000 bp", OVERSIZED_SOURCES
    )
    estimate = full_length_fraction(packaged, GenomeForm.SINGLE_STRANDED_AAV)
    return RouteOption(
        "oversized_AAV",
        "one oversized AAV",
        None,
        Status.FAIL,
        reach_of(tissue, "AAV").status,
        (packaged,),
        (estimate,),
        text,
        (rule,),
        OVERSIZED_SOURCES,
    )


def _mini(mini: MiniGene, tissue: Tissue, regulatory_bp: int | None) -> RouteOption:
    reach = reach_of(tissue, "AAV")
    form = GenomeForm.SINGLE_STRANDED_AAV
    if mini.cds_bp is None:
        text = f"{mini.composition[0].upper()}{mini.composition[1:]} Its residues were not verified here: {mini.stage}."
        rule = Finding("route.mini_gene", Status.UNKNOWN, text, sources=mini.sources, checked=mini.checked)
        return RouteOption(
            "mini_gene",
            mini.name,
            form,
            Status.UNKNOWN,
            reach.status,
            (),
            (),
            text,
            (rule, reach),
            mini.sources,
            mini.checked,
        )
    sets = (regulatory_bp,) if regulatory_bp is not None else (REGULATION_BP, LEAST_REGULATION_BP)
    whole = _one_aav(mini.cds_bp, tissue, sets, form)
    text = f"{mini.composition} {whole.because} {mini.stage[0].upper()}{mini.stage[1:]}."
    return RouteOption(
        "mini_gene",
        mini.name,
        form,
        whole.fit,
        reach.status,
        whole.packaged_bp,
        whole.full_length,
        text,
        whole.findings,
        (*mini.sources, *whole.sources),
        mini.checked and whole.checked,
    )
