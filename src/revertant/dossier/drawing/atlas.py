"""Draw the correctability atlas: sets of ways against each other, ways by the change needed, and nicks by distance."""

from __future__ import annotations

from collections import Counter

from revertant.dossier.drawing import svg
from revertant.dossier.words import count_text, number_text
from revertant.modality.prime_editing.pegrna import FARTHEST_EDIT_NT
from revertant.planning.atlas import Atlas, Pams, Way
from revertant.planning.atlas.base_editing import change_needed
from revertant.planning.atlas.prime_editing import prime_nickases
from revertant.planning.atlas.table import share
from revertant.planning.atlas.tables import ways_text

__all__ = ["PARTS", "draw_by_change", "draw_combinations", "draw_nicks"]

_WIDTH = 1000.0
_NAMES = 190.0
#: Class of each way's mark, and of each kind of PAM's bar.
_WAY_CLASS = {Way.BASE: "way-base", Way.PRIME: "way-prime", Way.DONOR: "way-donor"}
_PAM_CLASS = {Pams.NGG: "pams-ngg", Pams.ANY: "pams-any"}
#: What a bar by change is made of: class, and words for its key.
PARTS = (
    ("part-both", "base editing and prime editing"),
    ("part-base", "base editing, not prime editing"),
    ("part-prime-donor", "prime editing or a cut and a donor"),
    ("part-prime", "prime editing alone"),
    ("part-donor", "a cut and a donor alone"),
    ("part-none", "none of them"),
)


def draw_combinations(atlas: Atlas) -> str:
    """Draw how many variants just these ways put right: bars over a grid of dots, with the sum of each way beside it.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> draw_combinations(Atlas((), Tally.of("rows", kept=0)))
    ''
    """
    total = len(atlas.rows)
    if not total:
        return ""
    counts = {pams: atlas.ways(pams) for pams in Pams}
    columns = sorted(
        {ways for one in counts.values() for ways in one},
        key=lambda ways: (-counts[Pams.ANY][ways], ways_text(ways)),
    )
    most = max(number for one in counts.values() for number in one.values())
    left, top, height, row = 300.0, 30.0, 190.0, 30.0
    column = min(140.0, (_WIDTH - left) / len(columns))
    bar = min(38.0, column * 0.36)
    base = top + height
    parts = [svg.line(left, base, left + column * len(columns), base, "grid")]
    for at, ways in enumerate(columns):
        middle = left + column * (at + 0.5)
        for pams, shift, at_end in ((Pams.NGG, -bar - 1, bar), (Pams.ANY, 1.0, 0.0)):
            number = counts[pams][ways]
            tall = height * number / most
            tip = f"{ways_text(ways)}, {pams.value}: {count_text(number, 'variant')}, {share(number, total)}"
            if number:
                tall = max(tall, 1.5)
                parts.append(svg.rect(middle + shift, base - tall, bar, tall, _PAM_CLASS[pams], tip=tip))
            words = share(number, total) if number else "0"
            # Away from each other, so that two labels of one height do not meet.
            side = "small last" if at_end else "small"
            parts.append(svg.text(middle + shift + at_end, base - tall - 5, words, side, tip=tip))
    for at, way in enumerate(Way):
        y = base + 26 + row * at
        parts.append(svg.text(0, y + 4, way.value, "row-name"))
        sums = {pams: sum(n for ways, n in counts[pams].items() if way in ways) for pams in Pams}
        words = " / ".join(share(sums[pams], total) for pams in Pams)
        parts.append(svg.text(left - 24, y + 4, words, "row-sum last"))
        for place, ways in enumerate(columns):
            kind = _WAY_CLASS[way] if way in ways else "dot-empty"
            x = left + column * (place + 0.5)
            parts.append(svg.element("circle", class_=f"dot {kind}", cx=x, cy=y, r=7.0))
    bottom = base + 26 + row * len(Way)
    parts.append(svg.text(left - 24, base + 2, "NGG only / any PAM", "small last"))
    parts += [
        svg.text(left + column * (at + 0.5), bottom + 2, "none", "small mid")
        for at, ways in enumerate(columns)
        if not ways
    ]
    words = "; ".join(f"{ways_text(ways)} {number_text(counts[Pams.ANY][ways])}" for ways in columns)
    return svg.drawing(
        _WIDTH, bottom + 8, "".join(parts), "atlas", label=f"Variants by ways, any PAM: {words}"
    )


def draw_by_change(atlas: Atlas) -> str:
    """Draw one pair of bars for each kind of change: above with NGG only, below with any PAM.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> draw_by_change(Atlas((), Tally.of("rows", kept=0)))
    ''
    """
    if not atlas.rows:
        return ""
    variants = Counter(change_needed(row.row.edit) for row in atlas.rows)
    found: dict[tuple[str, Pams], Counter[str]] = {}
    for row in atlas.rows:
        for pams in Pams:
            parts = found.setdefault((change_needed(row.row.edit), pams), Counter())
            parts[_part(row.ways(pams))] += 1
    right = 96.0
    room = _WIDTH - _NAMES - right
    drawn, y = [], 10.0
    for change in sorted(variants, key=lambda change: (-variants[change], change)):
        total = variants[change]
        drawn.append(svg.text(0, y + 13, change, "row-name"))
        drawn.append(svg.text(0, y + 28, count_text(total, "variant"), "small"))
        for pams in Pams:
            x = _NAMES
            for kind, words in PARTS:
                number = found[change, pams][kind]
                width = room * number / total
                if number:
                    tip = f"{words}, {pams.value}: {count_text(number, 'variant')}, {share(number, total)}"
                    drawn.append(svg.rect(x, y, max(width, 0.6), 14, kind, tip=tip))
                    if width > 46:
                        drawn.append(
                            svg.text(x + width / 2, y + 11, share(number, total), f"in-bar mid on-{kind}")
                        )
                x += width
            drawn.append(svg.text(_WIDTH - right + 8, y + 11, pams.value, "small"))
            y += 16
        y += 14
    label = "Share of variants put right, by the change needed and by PAM"
    return svg.drawing(_WIDTH, y, "".join(drawn), "atlas", label=label)


def _part(ways: frozenset[Way]) -> str:
    """The part of a bar a variant belongs to."""
    if Way.BASE in ways:
        return "part-both" if Way.PRIME in ways else "part-base"
    if Way.PRIME in ways:
        return "part-prime-donor" if Way.DONOR in ways else "part-prime"
    return "part-donor" if ways else "part-none"


def draw_nicks(atlas: Atlas) -> str:
    """Draw, for each PAM, the share of variants with a working pegRNA by how far the edit lies from the nick.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> draw_nicks(Atlas((), Tally.of("rows", kept=0)))
    ''
    """
    total = len(atlas.rows)
    if not total:
        return ""
    left, top, height, room = 60.0, 14.0, 220.0, 700.0
    base, step = top + height, room / FARTHEST_EDIT_NT
    parts = []
    for percent in (0, 25, 50, 75, 100):
        y = base - height * percent / 100
        parts += [
            svg.line(left, y, left + room, y, "grid"),
            svg.text(left - 8, y + 4, f"{percent} %", "small last"),
        ]
    for place in (1, 5, 10, 15, 20, FARTHEST_EDIT_NT):
        parts.append(svg.text(left + step * (place - 0.5), base + 17, f"+{place}", "small mid"))
    parts.append(
        svg.text(left + room / 2, base + 36, "first edited base, counted from the nearest nick", "small mid")
    )
    for number, editor in enumerate(prime_nickases()):
        nicks = Counter(
            edit.edit_position
            for row in atlas.rows
            if (edit := row.prime.with_nickase(editor.nuclease)) is not None
        )
        reached, points = 0, [f"M{svg.number(left)} {svg.number(base)}"]
        for place in range(1, FARTHEST_EDIT_NT + 1):
            reached += nicks[place]
            y = base - height * reached / total
            points += [f"V{svg.number(y)}", f"H{svg.number(left + step * place)}"]
        words = f"{editor.base.pam} ({editor.name}): {share(reached, total)} up to +{FARTHEST_EDIT_NT}"
        parts.append(svg.path("".join(points), f"curve curve-{number}", tip=words))
        y = top + 26 + number * 24
        parts.append(svg.line(left + room + 24, y - 4, left + room + 52, y - 4, f"curve curve-{number}"))
        name = f"{editor.base.pam}, such as {editor.name}"
        parts.append(svg.text(left + room + 60, y, name, "row-name"))
    label = "Share of variants with a pegRNA that writes the wild type, by distance from the nick and by PAM"
    return svg.drawing(_WIDTH, base + 44, "".join(parts), "atlas", label=label)
