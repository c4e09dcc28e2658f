"""Draw a repair template to scale: its arms, what is written between them, and how it differs from the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from revertant.dossier.drawing import svg
from revertant.dossier.drawing.canvas import label_width
from revertant.dossier.words import number_text
from revertant.model import Donor, DonorKind, Strand, Variant

__all__ = ["donor_legend", "draw_donor"]

_SIDE = 26.0
_BAR_Y, _BAR_HEIGHT = 44.0, 22.0
_HEIGHT = 112.0
#: The written stretch is drawn at least this wide, so that a single base can be seen.
_LEAST_WIDTH = 16.0

_LEGEND = {
    "donor-arm": "arm, read from this person’s copy",
    "donor-written": "written between the arms",
    "donor-own": "this person’s variant: the reference has another base",
    "donor-silent": "silent change that keeps the nuclease away",
    "donor-itr": "ITR of the AAV genome",
}


def donor_legend(donor: Donor) -> tuple[tuple[str, str], ...]:
    """List what the drawing of a donor shows, for a legend beside it.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> donor = Donor(DonorKind.SSODN, "ACGTACGTA", 4, 4, Locus("s", 0, 4), Locus("s", 5, 9))
    >>> [kind for kind, _ in donor_legend(donor)]
    ['donor-arm', 'donor-written']
    """
    absent = {
        "donor-own": not donor.variants,
        "donor-silent": not donor.blocking,
        "donor-itr": donor.kind is not DonorKind.AAV6,
    }
    return tuple((kind, meaning) for kind, meaning in _LEGEND.items() if not absent.get(kind, False))


def draw_donor(donor: Donor, *, width: float = 760.0) -> str:
    """Draw a donor as an SVG element, 5' at the left.

    Parameters
    ----------
    donor
        What to draw.
    width
        Width of the drawing.

    Examples
    --------
    >>> from revertant.model import Locus
    >>> donor = Donor(DonorKind.SSODN, "ACGTACGTA", 4, 4, Locus("s", 0, 4), Locus("s", 5, 9))
    >>> draw_donor(donor).startswith('<svg class="donor"')
    True
    """
    x = _scale(donor, width)
    total, left, right = len(donor.sequence), donor.left_arm_bp, donor.right_arm_bp
    middle = total - left - right
    parts = [
        svg.text(_SIDE, 16, _title(donor), "donor-title"),
        svg.text(_SIDE - 8, _BAR_Y + 16, "5′", "end-label last"),
        svg.text(width - _SIDE + 8, _BAR_Y + 16, "3′", "end-label"),
    ]
    if donor.kind is DonorKind.AAV6:
        ends = (_SIDE, width - _SIDE - 10)
        parts += [
            svg.rect(end, _BAR_Y - 4, 10, _BAR_HEIGHT + 8, "donor-itr", radius=3, tip="ITR") for end in ends
        ]
    for first, last, kind, words in (
        (0, left, "donor-arm", f"5′ arm, {number_text(left)} bp"),
        (left, total - right, "donor-written", f"writes {number_text(middle)} bp"),
        (total - right, total, "donor-arm", f"3′ arm, {number_text(right)} bp"),
    ):
        parts.append(svg.rect(x(first), _BAR_Y, x(last) - x(first), _BAR_HEIGHT, kind, tip=words))
    parts += _labels(donor, x, width)
    for kind, variants in (("donor-own", donor.variants), ("donor-silent", donor.blocking)):
        for variant in variants:
            at = _place(donor, variant.start)
            if at is not None:
                box = svg.rect(x(at + 0.5) - 1.5, _BAR_Y - 6, 3, _BAR_HEIGHT + 12, kind, tip=_change(variant))
                parts.append(box)
    return svg.drawing(width, _HEIGHT, "".join(parts), "donor", label=_in_words(donor))


def _scale(donor: Donor, width: float) -> Callable[[float], float]:
    """Map an index of the sequence to the paper; the middle has its least width, the arms share the rest."""
    total, left, right = len(donor.sequence), donor.left_arm_bp, donor.right_arm_bp
    inset = _SIDE + (14 if donor.kind is DonorKind.AAV6 else 0)
    room = width - 2 * inset
    middle = total - left - right
    wide = max(room * middle / total, _LEAST_WIDTH)
    of_arms = (room - wide) / max(left + right, 1)

    def x(index: float) -> float:
        if index <= left:
            return inset + index * of_arms
        if index <= total - right and middle:
            return inset + left * of_arms + (index - left) * wide / middle
        return inset + left * of_arms + wide + (index - (total - right)) * of_arms

    return x


def _labels(donor: Donor, x: Callable[[float], float], width: float) -> Iterator[str]:
    """Lengths below the bar: arms under their middles, the written stretch on a line of its own."""
    total, left, right = len(donor.sequence), donor.left_arm_bp, donor.right_arm_bp
    y = _BAR_Y + _BAR_HEIGHT + 18
    yield svg.text((x(0) + x(left)) / 2, y, f"5′ arm {number_text(left)} bp", "donor-label mid")
    yield svg.text((x(total - right) + x(total)) / 2, y, f"3′ arm {number_text(right)} bp", "donor-label mid")
    words = f"writes {number_text(total - left - right)} bp"
    if donor.cargo:
        words += f": {donor.cargo}"
    most = int((width - 2 * _SIDE) / 6.3)
    words = words if len(words) <= most else f"{words[: most - 1]}…"
    half = label_width(words) / 2
    centre = (x(left) + x(total - right)) / 2
    yield svg.text(min(max(centre, half + 4), width - half - 4), y + 17, words, "donor-label mid")


def _title(donor: Donor) -> str:
    strand = "" if donor.kind in {DonorKind.PLASMID, DonorKind.AAV6} else f", {donor.left_arm.strand} strand"
    kind = donor.kind.value.replace("_", " ")
    return f"{kind}, {number_text(len(donor.sequence))} bases{strand}"


def _place(donor: Donor, position: int) -> int | None:
    """Index in the sequence of a reference position; in an arm with an indel it can be some bases off."""
    left, right = donor.left_arm, donor.right_arm
    total = len(donor.sequence)
    minus = left.strand is Strand.MINUS
    if left.start <= position < left.end:
        at = left.end - 1 - position if minus else position - left.start
    elif right.start <= position < right.end:
        at = total - donor.right_arm_bp + (right.end - 1 - position if minus else position - right.start)
    elif donor.cargo:
        return None
    else:
        at = donor.left_arm_bp + (left.start - 1 - position if minus else position - left.end)
    return min(max(at, 0), total - 1)


def _change(variant: Variant) -> str:
    return f"{variant.contig}:{number_text(variant.start + 1)} {variant.ref or '-'}>{variant.alt or '-'}"


def _in_words(donor: Donor) -> str:
    sentences = [
        _title(donor),
        f"Arms of {donor.left_arm_bp} and {donor.right_arm_bp} bases",
        _listed("This person's variants", donor.variants),
        _listed("Silent changes", donor.blocking),
    ]
    return ". ".join(sentence for sentence in sentences if sentence)


def _listed(name: str, variants: Sequence[Variant]) -> str:
    return f"{name}: {', '.join(_change(variant) for variant in variants)}" if variants else ""
