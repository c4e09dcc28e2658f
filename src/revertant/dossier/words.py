"""Values in words: places counted from 1, shares in per cent, sources as links. No HTML here."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from revertant.model import Status, Strand, power_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from revertant.model import BaseChange, Design, Estimate, Locus, SearchLimits, Variant

__all__ = [
    "STATUS_WORDS",
    "amount_text",
    "change_text",
    "copies_text",
    "count_text",
    "estimate_text",
    "interval_text",
    "limits_text",
    "locus_text",
    "modality_text",
    "number_text",
    "one_line",
    "outlook_of",
    "percent",
    "place_text",
    "score_text",
    "significant_text",
    "source_link",
    "strand_text",
    "variant_text",
]

STATUS_WORDS = {
    Status.PASS: "pass",
    Status.CAUTION: "caution",
    Status.FAIL: "fail",
    Status.UNKNOWN: "unknown",
    Status.NOT_APPLICABLE: "not applicable",
}

#: Kinds of therapy whose names in the code are no words.
_MODALITIES = {"car_t": "CAR T cells", "hdr": "repair from a donor (HDR)"}

# Only whole, well-formed identifiers become links: a source text never decides what a reader opens.
_DOI = re.compile(r"doi:\s*(10\.\d{4,9}/[A-Za-z0-9._;()/:<>\-]+)", re.IGNORECASE)
_PMID = re.compile(r"PMID:\s*(\d{1,9})", re.IGNORECASE)
_PMC = re.compile(r"(?:PMCID:\s*)?(PMC\d{1,9})", re.IGNORECASE)
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_TRIAL = re.compile(r"(?:NCT:\s*)?(NCT\d{8})", re.IGNORECASE)


def one_line(text: str) -> str:
    r"""Replace control characters and line breaks by spaces, so that one value stays one line.

    Direction overrides go too: they would make a text read otherwise than it is.

    Examples
    --------
    >>> one_line("a\tb\nc")
    'a b c'
    """
    # Most texts are plain, and a page has a hundred thousand of them.
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " if unicodedata.category(letter) in _HIDDEN else letter for letter in text)


def number_text(number: int) -> str:
    """Write a whole number with thousands separators.

    Examples
    --------
    >>> number_text(5227002)
    '5,227,002'
    """
    return f"{number:,}"


def count_text(count: int, noun: str, plural: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> count_text(1, "site"), count_text(2000, "site"), count_text(0, "copy", "copies")
    ('1 site', '2,000 sites', '0 copies')
    """
    word = noun if count == 1 else plural or f"{noun}s"
    return f"{count:,} {word}"


def modality_text(name: str) -> str:
    """Write a kind of therapy for people.

    Examples
    --------
    >>> modality_text("base_editing"), modality_text("hdr")
    ('base editing', 'repair from a donor (HDR)')
    """
    return _MODALITIES.get(name, name.replace("_", " "))


def place_text(contig: str, position: int) -> str:
    """Write a 0-based position for people, counted from 1.

    Examples
    --------
    >>> place_text("chr11", 5227001)
    'chr11:5,227,002'
    """
    return f"{contig}:{position + 1:,}"


def locus_text(locus: Locus) -> str:
    """Write a locus for people: counted from 1, last base included, with its strand.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> locus_text(Locus("chr11", 5226995, 5227015))
    'chr11:5,226,996–5,227,015 (+)'
    """
    if locus.start == locus.end:
        return f"{locus.contig}:{locus.start:,}^{locus.start + 1:,} ({strand_text(locus.strand)})"
    return f"{locus.contig}:{locus.start + 1:,}–{locus.end:,} ({strand_text(locus.strand)})"


def strand_text(strand: Strand) -> str:
    """Write a strand with a real minus sign.

    Examples
    --------
    >>> strand_text(Strand.MINUS)
    '−'
    """
    return "+" if strand is Strand.PLUS else "−"


def percent(share: float) -> str:
    """Write a share in whole per cent, never rounding something to nothing or to everything.

    Examples
    --------
    >>> percent(0.623), percent(0.001), percent(0.999), percent(0.0)
    ('62%', '<1%', '>99%', '0%')
    """
    if 0 < share < 0.005:
        return "<1%"
    if 0.995 <= share < 1:
        return ">99%"
    return f"{share * 100:.0f}%"


def estimate_text(estimate: Estimate | None, absent: str = "not predicted") -> str:
    """Write an estimate with its interval; an undefined one says so.

    Examples
    --------
    >>> from revertant.model import Estimate
    >>> estimate_text(Estimate(0.62, "share of edited alleles, 0 to 1", "m", low=0.5, high=0.7))
    '62% (50%–70%)'
    >>> estimate_text(Estimate(None, "CFD, 0 to 1", "m")), estimate_text(None)
    ('not defined', 'not predicted')
    """
    amount, interval = amount_text(estimate, absent), interval_text(estimate)
    return f"{amount} ({interval})" if interval else amount


def outlook_of(design: Design) -> tuple[str, Estimate | None]:
    """Name and return the figure a design is shown with: the useful share, else the yield.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from revertant.model import Design, Estimate, Route
    >>> peg = Design("prime_editing", Route.RESTORE_WILD_TYPE, "HBB", "c.20A>T", "pe2", "PE2", (), "", (), None)
    >>> outlook_of(peg)
    ('useful share', None)
    >>> outlook_of(replace(peg, useful_yield=Estimate(0.24, "share of reads", "m")))[0]
    'expected yield'
    """
    share = design.useful_share
    if design.useful_yield is not None and (share is None or share.value is None):
        return "expected yield", design.useful_yield
    return "useful share", share


def amount_text(estimate: Estimate | None, absent: str = "not predicted") -> str:
    """Write an estimate without its interval."""
    if estimate is None:
        return absent
    return "not defined" if estimate.value is None else _in_unit(estimate, estimate.value)


def interval_text(estimate: Estimate | None) -> str:
    """Write the interval of an estimate; empty when it has none, or when both ends are written as the value is.

    Examples
    --------
    >>> from revertant.model import Estimate
    >>> interval_text(Estimate(1.0, "share of edited alleles, 0 to 1", "m", low=0.999, high=1.0))
    ''
    """
    if estimate is None or estimate.value is None or estimate.low is None or estimate.high is None:
        return ""
    low, high = _in_unit(estimate, estimate.low), _in_unit(estimate, estimate.high)
    return "" if low == high == _in_unit(estimate, estimate.value) else f"{low}–{high}"


def change_text(change: BaseChange, contig: str) -> str:
    """Write one edited base, on the forward strand.

    Examples
    --------
    >>> from revertant.model import BaseChange
    >>> change_text(BaseChange(5227001, "A", "G", 7), "chr11")
    'chr11:5,227,002 A→G, spacer position 7'
    """
    guide = f", spacer position {change.spacer_position}" if change.spacer_position else ""
    return f"{place_text(contig, change.position)} {change.before or '–'}→{change.after or '–'}{guide}"


def variant_text(variant: Variant) -> str:
    """Write a variant for people; long alleles are shortened and their length is said.

    Examples
    --------
    >>> from revertant.model import Variant
    >>> variant_text(Variant("chr11", 5227001, "T", "A"))
    'chr11:5227002:T:A'
    >>> variant_text(Variant("chr1", 9, "ACGTACGTACGTACGTACGTACGT", "A"))
    'chr1:10:ACGTAC…ACGT (24 bases):A'
    """
    return f"{variant.contig}:{variant.start + 1}:{_allele(variant.ref)}:{_allele(variant.alt)}"


def score_text(score: float | None) -> str:
    """Write a score between 0 and 1; a small one is not rounded to nothing, an undefined one says so.

    Examples
    --------
    >>> score_text(0.61253), score_text(0.0001), score_text(0.0), score_text(None)
    ('0.613', '<0.001', '0.000', 'not defined')
    """
    if score is None:
        return "not defined"
    return "<0.001" if 0 < score < 0.0005 else f"{score:.3f}"


def significant_text(value: float) -> str:
    """Write a number to three digits: with separators, or as a power of ten where it is large or small.

    Examples
    --------
    >>> significant_text(0.0412), significant_text(152.34), significant_text(8519680.0), significant_text(3.2e-9)
    ('0.0412', '152', '8.52e6', '3.2e-9')
    >>> significant_text(0.0), significant_text(12345)
    ('0', '12,300')
    """
    if value and not 1e-3 <= abs(value) < 1e6:
        return power_text(value)
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 or rounded == int(rounded) else f"{rounded:.3g}"


def limits_text(limits: SearchLimits) -> str:
    """Write the limits of a search, after "up to".

    Without a limit of their sum the sum is said too: it is more than a reader of the first number expects.

    Examples
    --------
    >>> from revertant.model import SearchLimits
    >>> limits_text(SearchLimits(4, 1, 1, total_edits=4))
    '4 mismatches, 1 DNA bulge, 1 RNA bulge, 4 edits together'
    >>> limits_text(SearchLimits(4, 1, 1))
    '4 mismatches, 1 DNA bulge, 1 RNA bulge, 6 edits together'
    """
    parts = [
        count_text(limits.mismatches, "mismatch", "mismatches"),
        count_text(limits.dna_bulges, "DNA bulge"),
        count_text(limits.rna_bulges, "RNA bulge"),
    ]
    if limits.total_edits is not None or limits.most_edits > limits.mismatches:
        parts.append(f"{count_text(limits.most_edits, 'edit')} together")
    if limits.end_bulges:
        parts.append("bulges at the ends too")
    return ", ".join(parts)


def copies_text(haplotypes: Sequence[str]) -> str:
    """Write on which copies something lies; empty for the reference and for a panel of people.

    Examples
    --------
    >>> copies_text(("1",)), copies_text(("1", "2")), copies_text(("putative",)), copies_text(("reference",))
    ('copy 1', 'copies 1 and 2', 'putative', '')
    """
    named = [copy for copy in haplotypes if copy not in {"reference", "panel"}]
    if not named or not all(copy.isdigit() for copy in named):
        return ", ".join(named)
    return f"{'copy' if len(named) == 1 else 'copies'} {' and '.join(named)}"


def source_link(source: str) -> str:
    """Return the address a source identifier stands for, empty when it is not one.

    Examples
    --------
    >>> source_link("doi:10.1038/s41586-021-03609-w")
    'https://doi.org/10.1038/s41586-021-03609-w'
    >>> source_link("nct:NCT03745287")
    'https://clinicaltrials.gov/study/NCT03745287'
    >>> source_link("PMID:34079130"), source_link("javascript:alert(1)")
    ('https://pubmed.ncbi.nlm.nih.gov/34079130/', '')
    """
    text = source.strip()
    if match := _DOI.fullmatch(text):
        return f"https://doi.org/{match[1].replace('<', '%3C').replace('>', '%3E')}"
    if match := _PMID.fullmatch(text):
        return f"https://pubmed.ncbi.nlm.nih.gov/{match[1]}/"
    if match := _PMC.fullmatch(text):
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{match[1].upper()}/"
    if match := _TRIAL.fullmatch(text):
        return f"https://clinicaltrials.gov/study/{match[1].upper()}"
    return ""


def _allele(bases: str) -> str:
    short = bases if len(bases) <= 16 else f"{bases[:6]}…{bases[-4:]} ({len(bases)} bases)"
    return short or "-"


def _in_unit(estimate: Estimate, value: float) -> str:
    if estimate.unit.startswith("share"):
        # A model may say 1, as where only one base can be edited: no prediction is that sure.
        return ">99%" if value == 1 else percent(value)
    shown = f"{value:.3g}"
    # A specificity just short of 1 is not 1: only a guide without any site has that.
    return ">0.999" if shown == "1" and value < 1 else shown
