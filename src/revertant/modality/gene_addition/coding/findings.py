"""What a finished coding sequence passes, and where it does not: every rule is measured on the bases themselves.

Nothing is taken from the search that made the sequence, so the same findings come out for one read from a file.
"""

from __future__ import annotations

from collections.abc import Iterable

from revertant.errors import IncompatibleInputsError
from revertant.modality.gene_addition.coding.edits import replay
from revertant.modality.gene_addition.coding.measures import (
    POLYA_SIGNALS,
    SPLICE_LIMIT_BITS,
    cryptic_sites,
    gc_windows_outside,
    longest_repeat,
    measure,
    polya_places,
)
from revertant.modality.gene_addition.coding.options import CodingOptions, recognition_sites
from revertant.modality.gene_addition.coding.refine import HAIRPIN_REGION_BP, HAIRPIN_STEM_BP
from revertant.modality.gene_addition.coding.usage import codon_usage
from revertant.model import CodingSequence, CodonMeasures, Finding, Status
from revertant.prediction import SpliceKind, splice_card
from revertant.sequence import find_pattern, reverse_complement, translate

__all__ = ["coding_findings"]

#: Konkle et al., Blood 2021;137:763: BAX 335, whose coding sequence went from 19 to 99 CG.
_CPG_SOURCES = ("pmid:33067633",)
_CAI_SOURCES = ("doi:10.1093/nar/15.3.1281",)
_POLYA_SOURCES = ("doi:10.1101/gr.10.7.1001",)
_MOST_PLACES = 5


def coding_findings(coding: CodingSequence, options: CodingOptions | None = None) -> tuple[Finding, ...]:
    """Judge a coding sequence.

    Parameters
    ----------
    coding
        As designed, or as read.
    options
        The limits it was designed to; by default those of an AAV.

    Examples
    --------
    >>> from revertant.modality.gene_addition.coding.design import coding_of
    >>> found = coding_findings(coding_of("tiny", "MA", "ATGGCTTGA", "ATGGCGTGA"))
    >>> [(finding.rule, finding.status.value) for finding in found if finding.status.value == "fail"]
    [('coding.cpg', 'fail')]
    """
    options = options or CodingOptions()
    designed, measures, native = coding.designed, measure(coding.designed), coding.native_measures
    return (
        _protein(coding),
        _replayed(coding),
        _cpg(measures, native),
        _adaptation(measures, native),
        _splice(designed, measures, options),
        _polya(designed, options),
        _sites(designed, options),
        _gc(designed, measures, options),
        _homopolymer(measures, options),
        _repeats(designed, measures, options),
        _frames(measures, native, options),
        *((_uridine(measures, native), _hairpins(designed)) if options.is_mrna else ()),
    )


def _protein(coding: CodingSequence) -> Finding:
    rule, made = "coding.protein_identical", translate(coding.designed)
    whole = len(coding.designed) % 3 == 0
    if whole and made == f"{coding.protein}*":
        return Finding(
            rule,
            Status.PASS,
            f"Translated again, the {len(made) - 1:,} codons before the stop give the protein residue by residue.",
            f"{len(made) - 1} aa",
        )
    at = next(
        (i for i, (a, b) in enumerate(zip(made, f"{coding.protein}*", strict=False), start=1) if a != b),
        min(len(made), len(coding.protein)) + 1,
    )
    return Finding(
        rule,
        Status.FAIL,
        f"Translated again, the sequence does not give the protein: they part at residue {at}.",
        f"{len(made)} codons",
        f"{len(coding.protein)} aa and a stop",
    )


def _replayed(coding: CodingSequence) -> Finding:
    rule, count = "coding.edits_replay", f"{len(coding.edits):,} edits"
    try:
        same = replay(coding.native, coding.edits) == coding.designed
    except IncompatibleInputsError as error:
        return Finding(rule, Status.FAIL, f"The list of edits cannot be replayed: {error}", count)
    if not same:
        return Finding(rule, Status.FAIL, "Replayed, the list of edits gives another sequence.", count)
    origin = "the native sequence" if coding.native else "nothing"
    return Finding(rule, Status.PASS, f"Replayed on {origin}, the edits give the design to the base.", count)


def _cpg(measures: CodonMeasures, native: CodonMeasures | None) -> Finding:
    rule, value = (
        "coding.cpg",
        f"{measures.cpg} CpG ({100 * measures.cpg / measures.length_bp:.2f} per 100 bp)",
    )
    lesson = "Codon optimisation that raised CpG from 19 to 99 is one explanation given for lost expression in BAX 335"
    if native is None:
        if not measures.cpg:
            return Finding(rule, Status.PASS, "The sequence holds no CpG at all.", value, "", _CPG_SOURCES)
        text = "No native sequence is given, so there is none to compare with; the number stands as it is."
        return Finding(rule, Status.UNKNOWN, text, value, "", _CPG_SOURCES)
    threshold = f"below the native {native.cpg}"
    if measures.cpg > native.cpg:
        status, text = (
            Status.FAIL,
            f"CpG rises above the native sequence, from {native.cpg} to {measures.cpg}. {lesson}.",
        )
    elif measures.cpg < native.cpg or not measures.cpg:
        status, text = Status.PASS, f"CpG falls from {native.cpg} in the native sequence to {measures.cpg}."
        if measures.cpg == native.cpg:
            text = "Neither the native sequence nor the design holds a CpG."
    else:
        status, text = (
            Status.CAUTION,
            f"CpG is not lower than in the native sequence ({native.cpg}). {lesson}.",
        )
    return Finding(rule, status, text, value, threshold, _CPG_SOURCES)


def _adaptation(measures: CodonMeasures, native: CodonMeasures | None) -> Finding:
    rule, value = "coding.codon_adaptation", f"CAI {measures.cai:.3f}"
    sources = (*_CAI_SOURCES, *codon_usage().sources)
    meaning = "It says how usual the codons are in human genes, not how much protein is made."
    if native is None:
        text = f"No native sequence is given to compare with. {meaning}"
        return Finding(rule, Status.NOT_APPLICABLE, text, value, "", sources)
    better = measures.cai >= native.cai
    return Finding(
        rule,
        Status.PASS if better else Status.CAUTION,
        f"The codons are {'at least as' if better else 'less'} usual {'as' if better else 'than'} the native ones. "
        f"{meaning}",
        value,
        f"native {native.cai:.3f}",
        sources,
    )


def _splice(designed: str, measures: CodonMeasures, options: CodingOptions) -> Finding:
    rule, sources = "coding.cryptic_splice_sites", splice_card().sources
    if options.is_mrna:
        text = "An mRNA made outside the body does not pass the spliceosome."
        return Finding(rule, Status.NOT_APPLICABLE, text, "", "", sources)
    value = f"{measures.donors} donors, {measures.acceptors} acceptors"
    threshold = f"none of {SPLICE_LIMIT_BITS:g} bits or more"
    sites = cryptic_sites(designed)
    if not sites:
        text = "No place scores as splice sites in use do. Joints to the neighbouring parts are not in this."
        return Finding(rule, Status.PASS, text, value, threshold, sources)
    shown = sorted(sites, key=lambda site: -site.score)[:_MOST_PLACES]
    names = {SpliceKind.DONOR: "donor", SpliceKind.ACCEPTOR: "acceptor"}
    places = ", ".join(f"{names[site.kind]} at base {site.edge + 1} ({site.score:g} bits)" for site in shown)
    text = (
        f"{_count(len(sites), 'place')} could be spliced by score: {places}{_rest(len(sites))}. "
        "A high score is no proof of use."
    )
    return Finding(rule, Status.CAUTION, text, value, threshold, sources)


def _polya(designed: str, options: CodingOptions) -> Finding:
    rule = "coding.polya_signals"
    if options.is_mrna:
        text = "An mRNA made outside the body is not cleaved at polyA signals."
        return Finding(rule, Status.NOT_APPLICABLE, text, sources=_POLYA_SOURCES, checked=False)
    return _places(
        rule,
        polya_places(designed),
        "polyA signal",
        threshold=f"none of {' and '.join(POLYA_SIGNALS)}",
        sources=_POLYA_SOURCES,
    )


def _sites(designed: str, options: CodingOptions) -> Finding:
    rule = "coding.restriction_sites"
    if not options.avoid_sites:
        return Finding(rule, Status.NOT_APPLICABLE, "No site was asked to be kept out.")
    found = {
        name: sorted({at for word in (site, reverse_complement(site)) for at in find_pattern(word, designed)})
        for name, site in recognition_sites(options.avoid_sites)
    }
    hits = [
        f"{name} at base {', '.join(str(at + 1) for at in at_all)}"
        for name, at_all in found.items()
        if at_all
    ]
    threshold = f"none of {', '.join(options.avoid_sites)}"
    if hits:
        text = f"The sequence holds what was to be kept out: {'; '.join(hits)}."
        return Finding(rule, Status.FAIL, text, f"{sum(map(len, found.values()))}", threshold)
    return Finding(rule, Status.PASS, "None of the sites stands on either strand.", "0", threshold)


def _gc(designed: str, measures: CodonMeasures, options: CodingOptions) -> Finding:
    rule, value = "coding.gc_windows", f"{measures.gc:.1%} in all"
    threshold = f"{options.gc_low:.0%} to {options.gc_high:.0%} in every {options.gc_window_bp} bp"
    if len(designed) < options.gc_window_bp:
        text = f"The sequence of {len(designed)} bp is shorter than a window."
        return Finding(rule, Status.NOT_APPLICABLE, text, value, threshold)
    outside = gc_windows_outside(designed, options.gc_low, options.gc_high, options.gc_window_bp)
    if not outside:
        return Finding(rule, Status.PASS, "Every window lies within the range.", value, threshold)
    text = f"{_count(len(outside), 'window')} outside the range, the first from base {outside[0] + 1}."
    return Finding(rule, Status.CAUTION, text, value, threshold)


def _homopolymer(measures: CodonMeasures, options: CodingOptions) -> Finding:
    return _limit(
        "coding.homopolymers",
        measures.longest_homopolymer_bp,
        options.longest_homopolymer_bp,
        "bp",
        "The longest run of one base",
    )


def _repeats(designed: str, measures: CodonMeasures, options: CodingOptions) -> Finding:
    inverted = longest_repeat(designed, inverted=True)
    longest = max(measures.longest_repeat_bp, inverted)
    kind = "inverted" if inverted > measures.longest_repeat_bp else "direct"
    return _limit(
        "coding.repeats",
        longest,
        options.longest_repeat_bp,
        "bp",
        f"The longest repeat on either strand ({kind})",
    )


def _frames(measures: CodonMeasures, native: CodonMeasures | None, options: CodingOptions) -> Finding:
    own = native.longest_alternative_frame_aa if native else 0
    limit = max(options.longest_alternative_frame_aa, own)
    what = "The longest reading frame from an ATG in the other two frames"
    if own == limit:
        what += ", held against the native sequence's own,"
    return _limit("coding.alternative_frames", measures.longest_alternative_frame_aa, limit, "aa", what)


def _uridine(measures: CodonMeasures, native: CodonMeasures | None) -> Finding:
    rule, value = "coding.uridine", f"{measures.uridine:.1%} U"
    if native is None:
        text = "No native sequence is given to compare with; the share stands as it is."
        return Finding(rule, Status.UNKNOWN, text, value)
    threshold = f"below the native {native.uridine:.1%}"
    if measures.uridine < native.uridine:
        return Finding(rule, Status.PASS, "Uridine is rarer than in the native sequence.", value, threshold)
    return Finding(
        rule, Status.CAUTION, "Uridine is not rarer than in the native sequence.", value, threshold
    )


def _hairpins(designed: str) -> Finding:
    """Stems near the start codon; the untranslated region before it is not known here."""
    region = designed[:HAIRPIN_REGION_BP]
    longest = _longest_stem(region)
    return _limit(
        "coding.start_hairpins",
        longest,
        HAIRPIN_STEM_BP - 1,
        "bp",
        f"The longest perfect stem within the first {len(region)} bases (no folding energy is computed)",
    )


def _longest_stem(region: str, loop: int = 3) -> int:
    for length in range(len(region) // 2, 0, -1):
        for at in range(len(region) - 2 * length - loop + 1):
            if reverse_complement(region[at : at + length]) in region[at + length + loop :]:
                return length
    return 0


def _limit(rule: str, value: int, limit: int, unit: str, what: str) -> Finding:
    status = Status.PASS if value <= limit else Status.CAUTION
    verb = "is within" if value <= limit else "is beyond"
    text = f"{what} {verb} the limit."
    return Finding(rule, status, text, f"{value} {unit}", f"at most {limit} {unit}")


def _places(
    rule: str, places: Iterable[int], what: str, *, threshold: str, sources: tuple[str, ...]
) -> Finding:
    found = tuple(places)
    if not found:
        return Finding(rule, Status.PASS, f"There is no {what}.", "0", threshold, sources, checked=False)
    shown = ", ".join(str(at + 1) for at in found[:_MOST_PLACES])
    text = f"{_count(len(found), what)} at base {shown}{_rest(len(found))}."
    return Finding(rule, Status.CAUTION, text, str(len(found)), threshold, sources, checked=False)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _rest(number: int) -> str:
    return f" and {number - _MOST_PLACES} more" if number > _MOST_PLACES else ""
