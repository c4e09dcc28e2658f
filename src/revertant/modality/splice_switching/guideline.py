"""The N1C VARIANT classes of eligibility for a splice-switching oligo, with every decision point on record.

Classes and approaches are those of the guideline (Cheerie 2025, version 1.0). Its flow charts could not be read
here: the decision points below and their limits were read in a third party's rendering of that version, so every
one of them is marked unchecked, and each result says so. What a point asks and no data here can answer (the parts
of a protein that must not be lost, an exon that healthy people lack) stays open, and then the class is "unable to
assess", with the class that would follow if nothing speaks against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from revertant import knowledge
from revertant.knowledge import AntisenseUse
from revertant.modality.mechanism import wrong_site_shown
from revertant.modality.splice_switching.frames import SkipOption, coding_lengths, exon_words, inner_exons
from revertant.modality.splice_switching.place import AllelePlace
from revertant.model import Allele, ConsequenceTerm, Finding, Status, Target, Transcript

__all__ = [
    "GUIDELINE_SOURCES",
    "EligibilityClass",
    "exon_skipping_points",
    "known_oligos",
    "splice_correction_points",
]

GUIDELINE_SOURCES = ("doi:10.1101/2024.09.27.24314122",)
_NOT_READ = "The published flow charts were not read; limits from a third party's rendering of version 1.0."

#: An exon with more of the coding sequence than this is unlikely to be spared.
LARGE_SHARE = 0.10
#: Bases to the nearest splice site up to which an oligo is not thought to correct splicing, in intron and exon.
TOO_NEAR_NT = 5
#: Exonic bases up to which, and intronic bases before an acceptor and behind a donor up to which, it is unlikely.
NEAR_EXONIC_NT, NEAR_ACCEPTOR_NT, NEAR_DONOR_NT = 15, 100, 50


class EligibilityClass(StrEnum):
    """The five classes of the guideline."""

    ELIGIBLE = "eligible"
    LIKELY = "likely eligible"
    UNLIKELY = "unlikely eligible"
    NOT_ELIGIBLE = "not eligible"
    UNABLE = "unable to assess"


_STATUS = {
    EligibilityClass.ELIGIBLE: Status.PASS,
    EligibilityClass.LIKELY: Status.CAUTION,
    EligibilityClass.UNLIKELY: Status.CAUTION,
    EligibilityClass.NOT_ELIGIBLE: Status.FAIL,
}


def known_oligos(gene: str, transcript: Transcript, number: int) -> tuple[AntisenseUse, ...]:
    """Return the oligos that people have been given to leave out an exon, where this transcript numbers it so.

    Examples
    --------
    >>> from revertant.model import Strand
    >>> dystrophin = Transcript("NM_004006.2", "DMD", "chrX", Strand.MINUS, ((0, 10),))
    >>> [row.key for row in known_oligos("DMD", dystrophin, 51)]
    ['eteplirsen']
    >>> known_oligos("DMD", Transcript("NM_004019.3", "DMD", "chrX", Strand.MINUS, ((0, 10),)), 51)
    ()
    """
    base = transcript.transcript_id.partition(".")[0]
    rows = knowledge.antisense_uses_for(gene, exon=number)
    return tuple(row for row in rows if row.transcript.partition(".")[0] == base)


def exon_skipping_points(
    target: Target, place: AllelePlace, options: Sequence[SkipOption]
) -> tuple[Finding, ...]:
    """Answer the decision points of canonical exon skipping for the best set of exons.

    Parameters
    ----------
    target
        The target.
    place
        What the allele touches.
    options
        The sets of exons that would put the frame right, best first; empty when there are none.

    Returns
    -------
    tuple[Finding, ...]
        One finding for each point, the class last.
    """
    option = options[0] if options else None
    position = _position(target, place)
    frame = _frame(target, place, option)
    if position.status is Status.FAIL or option is None:
        reason = position if position.status is Status.FAIL else frame
        return (position, frame, _class(EligibilityClass.NOT_ELIGIBLE, reason.because, "exon skipping"))
    size, known = _size(target, option), _known_oligo(target, option)
    residues = option.lost_bases // 3
    domain = _point(
        "protein_parts",
        Status.CAUTION,
        f"Whether the protein works without the {residues} residues that would be missing is not known here: look for "
        "its domains, for missense variants that cluster there, and for people who lack them.",
        f"{residues} residues",
    )
    points = (position, frame, size, known, domain)
    if known.status is Status.PASS:
        return (*points, _class(EligibilityClass.ELIGIBLE, known.because, "exon skipping"))
    follows = EligibilityClass.UNLIKELY if size.status is Status.CAUTION else EligibilityClass.LIKELY
    text = f"{domain.because} If nothing speaks against it, the class is «{follows.value}»."
    return (*points, _class(EligibilityClass.UNABLE, text, "exon skipping"))


def splice_correction_points(target: Target, allele: Allele, place: AllelePlace) -> tuple[Finding, ...]:
    """Answer the decision points of splice correction: hiding a wrong site so that the normal ones are used.

    Parameters
    ----------
    target
        The target; its mechanism says whether wrong splicing was shown.
    allele, place
        The allele and what it touches.

    Returns
    -------
    tuple[Finding, ...]
        One finding for each point, the class last.
    """
    what = "splice correction"
    shown = _shown(target, allele)
    canonical = _canonical(place)
    near = _nearness(place)
    if canonical.status is Status.FAIL or near.status is Status.FAIL:
        reason = canonical if canonical.status is Status.FAIL else near
        return (canonical, near, shown, _class(EligibilityClass.NOT_ELIGIBLE, reason.because, what))
    if shown.status is Status.FAIL:
        return (canonical, near, shown, _class(EligibilityClass.NOT_ELIGIBLE, shown.because, what))
    known = _known_correction(target, allele)
    points = (canonical, near, shown, known)
    if shown.status is Status.UNKNOWN:
        return (*points, _class(EligibilityClass.UNABLE, shown.because, what, status=Status.UNKNOWN))
    if known.status is Status.PASS:
        return (*points, _class(EligibilityClass.ELIGIBLE, known.because, what))
    follows = EligibilityClass.UNLIKELY if near.status is Status.CAUTION else EligibilityClass.LIKELY
    return (*points, _class(follows, near.because, what))


def _point(rule: str, status: Status, because: str, value: str = "", threshold: str = "") -> Finding:
    return Finding(f"n1c.{rule}", status, because, value, threshold, sources=GUIDELINE_SOURCES, checked=False)


def _class(found: EligibilityClass, because: str, what: str, *, status: Status = Status.CAUTION) -> Finding:
    """The class as a finding; one that cannot be assessed is put forward with a caution unless said otherwise."""
    return _point(
        "class",
        _STATUS.get(found, status),
        f"N1C VARIANT class for {what}: {found.value}. {because} {_NOT_READ}",
        value=found.value,
    )


def _position(target: Target, place: AllelePlace) -> Finding:
    rule = "exon_position"
    transcript = target.transcript
    inner = inner_exons(transcript)
    gone = {*place.hit, *place.absent}
    if place.doubled:
        words = exon_words(place.doubled)
        text = (
            f"{words.capitalize()} stand{'s' if len(place.doubled) == 1 else ''} twice: an oligo hides both copies "
            "alike, and whether one or both are then left out is not judged here."
        )
        return _point(rule, Status.FAIL, text, words)
    if not gone:
        return _point(rule, Status.FAIL, f"The variant lies {place.words}: there is no exon to leave out.")
    if place.cut:
        text = f"Bases across the edge of {exon_words(place.cut)} are changed: what is spliced is not clear."
        return _point(rule, Status.FAIL, text, exon_words(place.cut))
    outer = sorted(gone - inner)
    if outer:
        holds = "do not code" if not any(coding_lengths(transcript)[n - 1] for n in outer) else ""
        text = f"{exon_words(outer).capitalize()} {holds or 'holds the start or the end of the protein'}."
        return _point(rule, Status.FAIL, text, exon_words(outer))
    text = f"{exon_words(gone).capitalize()} of {len(transcript.exons)}, neither first nor last of the coding ones."
    return _point(rule, Status.PASS, text, exon_words(gone))


def _frame(target: Target, place: AllelePlace, option: SkipOption | None) -> Finding:
    rule = "reading_frame"
    if option is None:
        return _point(rule, Status.FAIL, _no_option(target, place))
    text = f"Without {exon_words(option.missing)}, {option.lost_bases} coding bases are missing: a multiple of three."
    return _point(rule, Status.PASS, text, f"{option.lost_bases} bases", "a multiple of three")


def _no_option(target: Target, place: AllelePlace) -> str:
    """Why no set of exons puts the frame right: the frame may be right without any."""
    if not place.absent:
        return "Neither this exon alone nor with one neighbour can be left out in frame."
    lengths = coding_lengths(target.transcript)
    lost = sum(lengths[number - 1] for number in place.absent)
    words = exon_words(place.absent)
    if lost % 3 == 0 and not place.hit:
        return (
            f"The allele lacks {words}, {lost} coding bases: a multiple of three, so the reading frame is kept and "
            "there is none to put right."
        )
    return f"The allele lacks {words}; no one or two exons beside the gap put the reading frame right."


def _size(target: Target, option: SkipOption) -> Finding:
    share = option.lost_bases / max(target.transcript.coding_bases, 1)
    large = share > LARGE_SHARE
    text = f"{share:.1%} of the coding sequence would be missing."
    return _point(
        "exon_size", Status.CAUTION if large else Status.PASS, text, f"{share:.1%}", f"{LARGE_SHARE:.0%}"
    )


def _known_oligo(target: Target, option: SkipOption) -> Finding:
    """Whether oligos that leave out these very exons have been given to people."""
    rule = "known_oligo"
    rows = [known_oligos(target.gene, target.transcript, number) for number in option.skipped]
    if not rows or not all(rows):
        text = f"No oligo that leaves out {option.words} of {target.gene} is in the catalogue here."
        return _point(rule, Status.NOT_APPLICABLE, text)
    uses = [row for found in rows for row in found]
    names = ", ".join(f"{row.name} ({row.stage})" for row in uses)
    return Finding(
        f"n1c.{rule}",
        Status.PASS,
        f"Oligos that leave out {option.words} of {target.gene} have been given to people: {names}.",
        value=names,
        sources=tuple(dict.fromkeys(source for row in uses for source in row.sources)),
        checked=all(row.checked for row in uses),
    )


def _known_correction(target: Target, allele: Allele) -> Finding:
    rule = "known_oligo"
    change = allele.consequence.hgvs_c.partition(":")[2]
    uses = knowledge.antisense_uses_for(target.gene, variant=change) if change else ()
    if not uses:
        text = f"No oligo against {change or 'this variant'} of {target.gene} is in the catalogue here."
        return _point(rule, Status.NOT_APPLICABLE, text)
    names = ", ".join(f"{row.name} ({row.stage})" for row in uses)
    return Finding(
        f"n1c.{rule}",
        Status.PASS,
        f"An oligo against this very variant has been given to people: {names}.",
        value=names,
        sources=tuple(dict.fromkeys(source for row in uses for source in row.sources)),
        checked=all(row.checked for row in uses),
    )


#: Consequences that explain no disease by themselves: then splicing is the likely way.
_NEAR_SPLICE = frozenset({ConsequenceTerm.SPLICE_REGION, ConsequenceTerm.INTRON, ConsequenceTerm.SYNONYMOUS})


def _shown(target: Target, allele: Allele) -> Finding:
    """Whether wrong splicing was shown; a prediction is not enough for the guideline."""
    rule = "splice.wrong_site"
    if shown := wrong_site_shown(target, allele):
        return shown
    if allele.consequence.worst in _NEAR_SPLICE:
        return Finding(
            rule,
            Status.UNKNOWN,
            f"Whether {allele.name} makes a wrong splice site has not been shown: RNA of the patient would tell; "
            "state mechanism: splice in the case if it has been shown.",
        )
    return Finding(rule, Status.FAIL, f"{allele.name} makes no wrong splice site that could be hidden.")


def _canonical(place: AllelePlace) -> Finding:
    rule = "normal_sites"
    if place.broken:
        text = (
            f"The variant breaks the {' and the '.join(place.broken)}: hiding another site does not bring the normal "
            "one back."
        )
        return _point(rule, Status.FAIL, text, ", ".join(place.broken))
    if place.absent or place.cut:
        return _point(rule, Status.FAIL, f"The variant takes splice sites away ({place.words}).")
    if not place.is_inside:
        return _point(rule, Status.FAIL, "The variant lies outside the transcript.")
    return _point(rule, Status.PASS, "The GT and AG of the normal splice sites are intact.")


def _nearness(place: AllelePlace) -> Finding:
    rule = "distance_to_site"
    distance = place.distance
    if place.absent or place.broken or place.cut:
        return _point(
            rule, Status.NOT_APPLICABLE, f"The allele changes splice sites themselves ({place.words})."
        )
    if distance is None or not place.is_inside:
        return _point(rule, Status.FAIL, "The transcript has no splice site here.")
    if place.is_exonic:
        limit, where, shown = NEAR_EXONIC_NT, "in the exon", f"{distance} bases"
    else:
        limit = NEAR_DONOR_NT if place.side == "donor" else NEAR_ACCEPTOR_NT
        where, shown = "in the intron", place.signed_distance
    text = f"The variant lies {distance} bases from the nearest {place.side}, {where}"
    if distance <= TOO_NEAR_NT:
        return _point(
            rule,
            Status.FAIL,
            f"{text}: an oligo there hides the normal site too.",
            shown,
            f"{TOO_NEAR_NT} bases",
        )
    if distance <= limit:
        return _point(
            rule,
            Status.CAUTION,
            f"{text}: an oligo there may weaken the normal site.",
            shown,
            f"{limit} bases",
        )
    return _point(rule, Status.PASS, f"{text}, far enough from it.", shown, f"{limit} bases")
