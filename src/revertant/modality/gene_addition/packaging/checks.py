"""The packaging rules every AAV construct must answer."""

from __future__ import annotations

from revertant.errors import InputError
from revertant.modality.gene_addition.packaging.itrs import ITR_SOURCES, PackagedSpan, measure_packaged
from revertant.modality.gene_addition.packaging.length import (
    AVINP_SEQ,
    LENGTH_SOURCES,
    REFERENCE_BP,
    SC_LIMIT_BP,
    SC_STOP_BP,
    SHORT_GENOME_BP,
    STOP_BP,
    full_length_fraction,
)
from revertant.modality.gene_addition.packaging.structure import (
    DIRECT_REPEAT_BP,
    GC_RANGE,
    GC_WINDOW_BP,
    STEM_BP,
    Repeat,
    direct_repeats,
    gc_extremes,
    inverted_repeats,
    tail_to_tail_cassettes,
)
from revertant.model import Construct, Finding, GenomeForm, Status

__all__ = ["AAV_FORMS", "length_finding", "packaging_findings"]

AAV_FORMS = frozenset(
    {GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.DUAL_AAV}
)
#: AAV-GPseq of guide cassettes; short hairpins truncate genomes.
TRUNCATION_SOURCES = ("pmcid:PMC7397707", "pmid:31843447")
#: A measured end may differ by a base that happens to continue the repeat.
_TOLERANCE_NT = 1
_NAMED = 3


def packaging_findings(construct: Construct) -> tuple[Finding, ...]:
    """Apply every packaging rule to one construct.

    Parameters
    ----------
    construct
        A packaged genome or a plasmid.

    Returns
    -------
    tuple[Finding, ...]
        Length, share of whole genomes, terminal repeats, and what folds or recombines; one finding that says so for a
        form that is not AAV.

    Examples
    --------
    >>> from revertant.model import Construct, GenomeForm
    >>> [f.status.value for f in packaging_findings(Construct("m", GenomeForm.MRNA, "ATG", (), (0, 3)))]
    ['not_applicable']
    """
    if construct.form not in AAV_FORMS:
        return (
            Finding(
                "packaging.length",
                Status.NOT_APPLICABLE,
                f"{construct.form} is not packaged in an AAV particle.",
            ),
        )
    span: PackagedSpan | None
    try:
        span, trouble = measure_packaged(construct.sequence, circular=construct.circular), ""
    except InputError as error:
        span, trouble = None, error.what
    start, end = (span.start, span.end) if span else construct.packaged
    inner = (
        (span.left.end, span.right.start + (end > len(construct.sequence)) * len(construct.sequence))
        if span
        else (start, end)
    )
    text = (construct.sequence * 2).upper()
    genome, between = end - start, text[inner[0] : inner[1]]
    return (
        length_finding(genome, construct.form),
        _share(genome, construct.form),
        _short(genome, construct.form),
        _measured(construct, span, trouble),
        _ends(construct.form, span),
        _inverted(between, inner[0]),
        _tails(construct),
        _direct(between, inner[0]),
        _gc(between, inner[0]),
    )


def length_finding(packaged_bp: int, form: GenomeForm) -> Finding:
    """Hold a length against the limits of its form.

    Parameters
    ----------
    packaged_bp
        Bases of one strand, terminal repeats included.
    form
        A form of AAV.

    Examples
    --------
    >>> length_finding(4800, GenomeForm.SINGLE_STRANDED_AAV).status
    <Status.CAUTION: 'caution'>
    """
    rule, value = "packaging.length", f"{packaged_bp:,} bp"
    double = form is GenomeForm.SELF_COMPLEMENTARY_AAV
    soft, hard = (SC_LIMIT_BP, SC_STOP_BP) if double else (REFERENCE_BP, STOP_BP)
    threshold = f"whole up to {soft:,} bp, refused from {hard:,} bp"
    what = "self-complementary genome, packaged as a double length," if double else "genome"
    if packaged_bp <= soft:
        status, because = Status.PASS, f"The {what} is no longer than the wild type's 4.7 kb allows."
    elif packaged_bp < hard:
        status, because = (
            Status.CAUTION,
            (
                f"The {what} is {packaged_bp - soft:,} bases over the wild type's length: the share of whole genomes "
                f"falls from here, steeply towards {hard:,} bp. Take out what can be spared."
            ),
        )
    else:
        status, because = (
            Status.FAIL,
            (
                f"The {what} is too long: most particles would hold a piece cut off at its 5' end, and none was ever "
                "seen to hold more than 5.2 kb."
            ),
        )
    sources = LENGTH_SOURCES if not double else (*LENGTH_SOURCES, *_SC_SOURCES)
    return Finding(rule, status, because, value, threshold, sources, checked=not double)


#: Double-stranded genomes by a mutated repeat (McCarty 2003).
_SC_SOURCES = ("doi:10.1038/sj.gt.3302134",)


def _share(packaged_bp: int, form: GenomeForm) -> Finding:
    estimate = full_length_fraction(packaged_bp, form)
    rule = "packaging.full_length_share"
    if estimate.value is None or estimate.low is None or estimate.high is None:
        reason = estimate.method.removeprefix("not defined: ")
        return Finding(
            rule,
            Status.UNKNOWN,
            f"The expected share of whole genomes is not defined: {reason}. Measure it by long reads.",
            sources=estimate.sources,
        )
    whole = estimate.value >= 1
    return Finding(
        rule,
        Status.PASS if whole else Status.CAUTION if packaged_bp < STOP_BP else Status.FAIL,
        "By its length alone the genome is packaged whole as often as one of 4.7 kb; its own structure can lower that "
        "2- to 5-fold. Measure it by long reads."
        if whole
        else f"By its length, whole genomes are expected at {estimate.value:.0%} of the share of a 4.7-kb genome "
        f"(bounds {estimate.low:.0%} to {estimate.high:.0%}, structure included). Measure it by long reads.",
        value=f"{estimate.value:.2f} of a 4.7-kb genome's share",
        threshold="1",
        sources=estimate.sources,
    )


def _short(packaged_bp: int, form: GenomeForm) -> Finding:
    rule = "packaging.short_genome"
    threshold = f"{SHORT_GENOME_BP:,} bp"
    if form is GenomeForm.SELF_COMPLEMENTARY_AAV:
        return Finding(
            rule, Status.NOT_APPLICABLE, "A self-complementary genome is packaged as a double length."
        )
    if packaged_bp >= SHORT_GENOME_BP:
        return Finding(
            rule,
            Status.PASS,
            "Long enough not to be packaged as tandems.",
            f"{packaged_bp:,} bp",
            threshold,
            (AVINP_SEQ,),
        )
    return Finding(
        rule,
        Status.CAUTION,
        "A single-stranded genome this short is packaged as head-to-tail tandems too: fill it up with stuffer DNA, or "
        "make it self-complementary where it fits.",
        f"{packaged_bp:,} bp",
        threshold,
        (AVINP_SEQ,),
    )


def _measured(construct: Construct, span: PackagedSpan | None, trouble: str) -> Finding:
    rule = "packaging.itr_to_itr"
    if span is None:
        return Finding(rule, Status.UNKNOWN, f"Not measured from ITR to ITR: {trouble}", sources=ITR_SOURCES)
    apart = max(abs(span.start - construct.packaged[0]), abs(span.end - construct.packaged[1]))
    sure = apart <= _TOLERANCE_NT
    return Finding(
        rule,
        Status.PASS if sure else Status.FAIL,
        f"Measured from ITR to ITR by alignment to the repeats of AAV2 ({len(span.left)} and {len(span.right)} nt)"
        f"{'.' if sure else f'; the construct says {construct.packaged_bp:,} bp, with ends up to {apart} bases off.'}",
        value=f"{span.packaged_bp:,} bp",
        threshold=f"the construct's ends, within {_TOLERANCE_NT} nt",
        sources=ITR_SOURCES,
    )


def _ends(form: GenomeForm, span: PackagedSpan | None) -> Finding:
    """A self-complementary genome has one repeat that Rep cannot nick; a single-stranded one has none."""
    rule = "packaging.terminal_resolution"
    if span is None:
        return Finding(rule, Status.UNKNOWN, "The terminal repeats were not found.")
    lacking = (not span.left.has_d) + (not span.right.has_d)
    wanted = 1 if form is GenomeForm.SELF_COMPLEMENTARY_AAV else 0
    value = f"{lacking} repeats without D element and resolution site"
    threshold = f"{wanted} for {form}"
    if lacking == wanted:
        text = f"The terminal repeats are those of {form}."
        return Finding(rule, Status.PASS, text, value, threshold, _SC_SOURCES, checked=False)
    return Finding(
        rule,
        Status.FAIL,
        f"{lacking} of the two repeats lack the site that Rep nicks; {form} needs {wanted}: the genome would be "
        "packaged in another form.",
        value,
        threshold,
        _SC_SOURCES,
        checked=False,
    )


def _named(repeats: tuple[Repeat, ...], offset: int) -> str:
    first = [
        f"{repeat.first[0] + offset + 1}-{repeat.first[1] + offset} with "
        f"{repeat.second[0] + offset + 1}-{repeat.second[1] + offset} ({repeat.arm_bp} bp)"
        for repeat in repeats[:_NAMED]
    ]
    more = f" and {len(repeats) - _NAMED} more" if len(repeats) > _NAMED else ""
    return "; ".join(first) + more


def _inverted(between: str, offset: int) -> Finding:
    rule, threshold = "packaging.inverted_repeats", f"no stem of {STEM_BP} bp between the ITRs"
    found = inverted_repeats(between)
    if not found:
        text = f"No perfect inverted repeat with arms of {STEM_BP} bp or more lies between the ITRs."
        return Finding(rule, Status.PASS, text, "0", threshold, TRUNCATION_SOURCES, checked=False)
    return Finding(
        rule,
        Status.CAUTION,
        f"Inverted repeats fold back and truncate genomes: {_named(found, offset)}.",
        f"{len(found)}, the longest stem {found[0].arm_bp} bp",
        threshold,
        TRUNCATION_SOURCES,
        checked=False,
    )


def _tails(construct: Construct) -> Finding:
    rule = "packaging.pol3_tail_to_tail"
    pairs = tail_to_tail_cassettes(construct)
    if not pairs:
        return Finding(
            rule,
            Status.PASS,
            "No two neighbouring Pol III cassettes read towards each other.",
            "0",
            "none",
            TRUNCATION_SOURCES[:1],
        )
    names = "; ".join(f"{left.name} and {right.name}" for left, right in pairs)
    return Finding(
        rule,
        Status.FAIL,
        f"Pol III cassettes lie tail to tail ({names}): genomes with two guide cassettes so placed are truncated, "
        "those with one are not. Turn one of them.",
        str(len(pairs)),
        "none",
        TRUNCATION_SOURCES[:1],
    )


def _direct(between: str, offset: int) -> Finding:
    rule, threshold = "packaging.direct_repeats", f"no stretch of {DIRECT_REPEAT_BP} bp twice"
    found = direct_repeats(between)
    if not found:
        text = f"No stretch of {DIRECT_REPEAT_BP} bp or more stands twice between the ITRs."
        return Finding(rule, Status.PASS, text, "0", threshold)
    return Finding(
        rule,
        Status.CAUTION,
        f"Stretches that stand twice can recombine in the plasmid and in the cell: {_named(found, offset)}.",
        f"{len(found)}, the longest {found[0].arm_bp} bp",
        threshold,
        checked=False,
    )


def _gc(between: str, offset: int) -> Finding:
    rule = "packaging.gc_extremes"
    threshold = f"{GC_RANGE[0]:.0%} to {GC_RANGE[1]:.0%} in every {GC_WINDOW_BP} bp"
    found = gc_extremes(between)
    if not found:
        text = f"Every window of {GC_WINDOW_BP} bp between the ITRs has a share of G and C in range."
        return Finding(rule, Status.PASS, text, "0", threshold)
    places = "; ".join(f"{a + offset + 1}-{b + offset} ({share:.0%})" for a, b, share in found[:_NAMED])
    return Finding(
        rule,
        Status.CAUTION,
        f"Stretches of extreme GC are hard to synthesise and to copy: {places}.",
        str(len(found)),
        threshold,
        checked=False,
    )
