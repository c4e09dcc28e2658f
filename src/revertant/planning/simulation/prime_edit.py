"""A prime edit: the flap that a pegRNA writes, where it lands, and what a nicking guide does beside it."""

from __future__ import annotations

from revertant import prediction
from revertant.errors import IncompatibleInputsError, InputError
from revertant.knowledge import PrimeEditor
from revertant.modality.prime_editing.simulate import NotWritten, Written, simulate
from revertant.modality.protospacers import Protospacer
from revertant.model import Estimate, Finding, Oligo, PamSide, Status, Strand, ViewSpan
from revertant.planning.simulation.alleles import as_it_is, edited_allele
from revertant.planning.simulation.ground import Ground, given_ground
from revertant.planning.simulation.marks import strand_word, view_of
from revertant.planning.simulation.placing import place_guide
from revertant.planning.simulation.result import EditedAllele, Simulation
from revertant.sequence import reverse_complement

__all__ = ["extension_parts", "simulate_prime_edit"]

#: A primer binding site with fewer bases is in no published set (pegFinder tries 8 to 17).
LEAST_PBS_NT = 6
#: Bases about the protospacer that the efficiency model looks at: before it, and behind its PAM.
_BEFORE_NT, _TARGET_NT = 4, 74
#: The prime editor whose efficiency the model was trained on.
_MODEL_OF = "pe2"


def extension_parts(ground: Ground, site: Protospacer, extension: str, nick_offset: int) -> tuple[str, str]:
    """Tell where the template of a 3' extension ends and its primer binding site begins: at the nick.

    Parameters
    ----------
    ground, site
        The sequence and the pegRNA's protospacer on it.
    extension
        5'→3': template, then primer binding site, without a structured motif.
    nick_offset
        Bases between nick and PAM.

    Returns
    -------
    tuple[str, str]
        Primer binding site and template.

    Raises
    ------
    IncompatibleInputsError
        Code ``pbs-not-found`` when no end of it pairs with the nicked strand, ``pbs-twice`` when several do.

    Examples
    --------
    >>> ground = given_ground("AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTG")
    >>> site = place_guide(ground, "CATGGTGCACCTGACTCCTG", "NGG", PamSide.THREE_PRIME)
    >>> extension_parts(ground, site, "AGACTTCTCCTCAGGAGTCAGGTGCAC", 3)
    ('GAGTCAGGTGCAC', 'AGACTTCTCCTCAG')
    """
    text = _strand_text(ground, site.strand)
    nick = _end_on_strand(ground, site) - nick_offset
    lengths = [
        length
        for length in range(LEAST_PBS_NT, min(len(extension) - 1, nick) + 1)
        if reverse_complement(extension[-length:]) == text[nick - length : nick]
    ]
    if len(lengths) == 1:
        return extension[-lengths[0] :], extension[: -lengths[0]]
    what = (
        f"Primer binding sites of {' and '.join(map(str, lengths))} nt both pair with the nicked strand."
        if lengths
        else "No end of the extension pairs with the nicked strand left of the nick, where "
        f"{reverse_complement(text[max(0, nick - 13) : nick])} would."
    )
    raise IncompatibleInputsError(
        what,
        where=ground.place(site.start, site.end, site.strand.value),
        remedy="Give --pbs and --rtt apart; leave out a structured motif (tevopreQ1, mpknot) and scaffold.",
        code="pbs-twice" if lengths else "pbs-not-found",
    )


def simulate_prime_edit(
    ground: Ground,
    spacer: str,
    editor: PrimeEditor,
    *,
    pbs: str = "",
    rtt: str = "",
    extension: str = "",
    ngrna: str = "",
) -> Simulation:
    """Edit a sequence with a pegRNA.

    Parameters
    ----------
    ground
        The sequence.
    spacer
        5'→3', plain DNA letters.
    editor
        A row of the catalogue.
    pbs, rtt, extension
        Primer binding site and template, or both in one as they stand in the pegRNA.
    ngrna
        Spacer of a guide that nicks the other strand; empty for none.

    Raises
    ------
    InputError
        Code ``pegrna-parts`` when neither both parts nor the whole extension are given.
    IncompatibleInputsError
        Code ``not-written`` with the reason, or where a guide has no single place.

    Examples
    --------
    The published pegRNA 3.7 on the sickle allele of *HBB* (doi:10.1038/s41586-019-1711-4):

    >>> from revertant import knowledge
    >>> ground = given_ground("AACCATGGTGCACCTGACTCCTGTGGAGAAGTCTGCCGTTACTG")
    >>> made = simulate_prime_edit(
    ...     ground, "CATGGTGCACCTGACTCCTG", knowledge.prime_editors()["pe2"], extension="AGACTTCTCCTCAGGAGTCAGGTGCAC"
    ... )
    >>> made.alleles[0].hgvs_g, made.alleles[0].sequence
    (('sequence:g.24T>A',), 'AACCATGGTGCACCTGACTCCTGAGGAGAAGTCTGCCGTTACTG')
    """
    if extension if pbs or rtt else not extension:
        raise InputError(
            "A pegRNA needs a primer binding site and a template, or an extension that holds both.",
            where=spacer,
            remedy="Give --pbs and --rtt, or --extension alone.",
            code="pegrna-parts",
        )
    base = editor.base
    site = place_guide(ground, spacer, base.pam, PamSide.THREE_PRIME)
    if extension:
        pbs, rtt = extension_parts(ground, site, extension, editor.nick_offset)
    if not (pbs and rtt):
        raise InputError(
            f"The {'template' if pbs else 'primer binding site'} of the pegRNA is missing.",
            where=spacer,
            remedy="Give --pbs and --rtt.",
            code="pegrna-parts",
        )
    written = simulate(ground.window.bases, spacer, pbs, rtt, pam=base.pam, nick_offset=editor.nick_offset)
    if isinstance(written, NotWritten):
        raise IncompatibleInputsError(
            f"This pegRNA writes nothing certain: {written.because}.",
            where=ground.place(site.start, site.end, site.strand.value),
            remedy="Correct its parts, all 5'→3', or give the copy or variant it was made for (--vcf, --variant).",
            code="not-written",
        )
    efficiency = _efficiency(ground, site, (pbs, rtt), editor, nicked=bool(ngrna))
    allele = _allele(ground, written, efficiency)
    molecules = [
        Oligo("pegRNA spacer", spacer, f"5′→3′, reads as the {strand_word(site)} strand"),
        Oligo("template (RTT)", rtt, "5′→3′"),
        Oligo("primer binding site (PBS)", pbs, "5′→3′"),
    ]
    spans = [*_spans(site, written, pbs, rtt, allele)]
    findings = [_efficiency_finding(efficiency)]
    facts = [
        ("protospacer", ground.place(site.start, site.end, site.strand.value)),
        ("PAM", f"{site.pam} ({site.pam_pattern})"),
        ("flap", f"{len(written.flap)} nt in the place of {len(written.replaced)} nt"),
        ("end of the flap pairs over", f"{written.paired_nt} nt; next best place {written.rival_nt} nt"),
    ]
    if ngrna:
        more, finding, fact = _nicking(ground, ngrna, editor, site, written)
        spans += more
        findings.append(finding)
        facts.append(fact)
        molecules.append(Oligo("nicking guide (ngRNA)", ngrna, "spacer, 5′→3′"))
    if len(pbs) < LEAST_PBS_NT:
        findings.append(_short_primer(pbs))
    if not allele.changed_nt:
        findings.append(
            Finding("outcome.change", Status.CAUTION, "The flap spells what stands there: nothing changes.")
        )
    view, view_start = view_of(ground, site, spans)
    return Simulation(
        method="prime_editing",
        effector=editor.key,
        effector_name=editor.with_nick if ngrna else editor.name,
        molecules=tuple(molecules),
        on_genome=ground.on_genome,
        locus=ground.window.locus,
        haplotypes=ground.window.haplotypes,
        certain=ground.window.certain,
        before=as_it_is(ground),
        view=view,
        view_start=view_start,
        alleles=(allele,),
        findings=tuple(findings),
        facts=tuple(facts),
    )


def _strand_text(ground: Ground, strand: Strand) -> str:
    return ground.window.bases if strand is Strand.PLUS else reverse_complement(ground.window.bases)


def _end_on_strand(ground: Ground, site: Protospacer) -> int:
    """Index of the first PAM base on the strand that reads as the spacer."""
    return site.end if site.strand is Strand.PLUS else len(ground.window) - site.start


def _allele(ground: Ground, written: Written, efficiency: Estimate) -> EditedAllele:
    plus = written.strand is Strand.PLUS
    start = written.nick if plus else written.nick - len(written.replaced)
    flap = written.flap if plus else reverse_complement(written.flap)
    return edited_allele(
        ground, start, len(written.replaced), flap, "edited: the flap is taken up", share=efficiency
    )


def _spans(
    site: Protospacer, written: Written, pbs: str, rtt: str, allele: EditedAllele
) -> tuple[ViewSpan, ...]:
    nick, strand = written.nick, site.strand
    plus = strand is Strand.PLUS
    primer = (nick - len(pbs), nick) if plus else (nick, nick + len(pbs))
    landing = (nick, nick + len(written.replaced)) if plus else (nick - len(written.replaced), nick)
    spans = [
        ViewSpan("nick", nick, nick, "nick of the pegRNA", strand),
        ViewSpan("pbs", *primer, f"PBS {len(pbs)} nt", strand),
        ViewSpan("rtt", *landing, f"RTT {len(rtt)} nt", strand),
    ]
    if allele.changed_nt:
        # An insertion is marked on the bases at its sides.
        end = allele.start + len(allele.removed)
        low, high = (allele.start, end) if allele.removed else (allele.start - 1, allele.start + 1)
        label = f"{allele.removed or '+'}{'>' if allele.removed and allele.written else ''}{allele.written or ' out'}"
        spans.append(ViewSpan("target", low, high, label, strand))
    return tuple(spans)


def _nicking(
    ground: Ground, ngrna: str, editor: PrimeEditor, site: Protospacer, written: Written
) -> tuple[list[ViewSpan], Finding, tuple[str, str]]:
    """Place the nicking guide on the edited sequence, and say whether it waits for the edit."""
    base, name = editor.base, "the nicking guide"
    edited = given_ground(written.sequence, "edited")
    found = place_guide(edited, ngrna, base.pam, PamSide.THREE_PRIME, name=name)
    if found.strand is site.strand:
        raise IncompatibleInputsError(
            "The nicking guide nicks the strand that the pegRNA nicks.",
            where=ngrna,
            remedy="Take a guide on the other strand.",
            code="same-strand",
        )
    offset = editor.nick_offset
    nick = found.end - offset if found.strand is Strand.PLUS else found.start + offset
    plus, gone, come = site.strand is Strand.PLUS, len(written.replaced), len(written.flap)
    start = written.nick if plus else written.nick - gone
    distance = nick - start if plus else start + come - nick
    there = (
        nick
        if nick <= start
        else start + min(nick - start, gone)
        if nick < start + come
        else nick - come + gone
    )
    try:
        before = place_guide(ground, ngrna, base.pam, PamSide.THREE_PRIME, name=name)
    except IncompatibleInputsError:
        before = None
    kind = "PE3" if before is not None else "PE3b"
    words = (
        "It binds before and after the edit (PE3): both strands can be open at one time."
        if before is not None
        else "It binds only after the edit (PE3b): both strands are seldom open at one time."
    )
    spans = [ViewSpan("nick", there, there, f"nick of the ngRNA, {distance:+d} nt", found.strand)]
    if before is not None:
        spans.append(ViewSpan("protospacer", before.start, before.end, f"ngRNA, {kind}", before.strand))
        spans.append(
            ViewSpan("pam", before.pam_start, before.pam_start + len(before.pam), base.pam, before.strand)
        )
    finding = Finding("nick.waits", Status.PASS if before is None else Status.CAUTION, words, value=kind)
    return spans, finding, ("second nick", f"{distance:+d} nt from the first, {kind}")


def _efficiency(
    ground: Ground, site: Protospacer, parts: tuple[str, str], editor: PrimeEditor, *, nicked: bool
) -> Estimate:
    if editor.key != _MODEL_OF or nicked:
        system = editor.with_nick if nicked else editor.name
        return Estimate(
            None,
            "share of reads with the intended edit",
            f"not predicted for {system}: the model was trained on PE2",
            in_domain=False,
        )
    start = _end_on_strand(ground, site) - len(site.spacer) - _BEFORE_NT
    target = _strand_text(ground, site.strand)[start : start + _TARGET_NT] if start >= 0 else ""
    return prediction.prime_editing_efficiency(target, *parts)


def _efficiency_finding(efficiency: Estimate) -> Finding:
    if efficiency.value is None:
        return Finding(
            "outcome.efficiency",
            Status.UNKNOWN,
            f"How often the edit is written is {_lower(efficiency.method)}.",
        )
    because = (
        f"Predicted: written in {efficiency.value:.0%} of reads ({efficiency.low:.0%} to {efficiency.high:.0%}) by PE2 "
        "at a target put into HEK293T cells; other cells move all pegRNAs up or down."
    )
    return Finding(
        "outcome.efficiency",
        Status.CAUTION,
        because,
        value=f"{efficiency.value:.0%}",
        sources=efficiency.sources,
    )


def _short_primer(pbs: str) -> Finding:
    return Finding(
        "pegrna.pbs_length",
        Status.CAUTION,
        f"The primer binding site has {len(pbs)} nt; no published set has fewer than {LEAST_PBS_NT}. That so short a "
        "one primes at all is not known.",
        value=f"{len(pbs)} nt",
        threshold=f"{LEAST_PBS_NT} nt",
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
