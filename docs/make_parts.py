"""Write the tables of the guide to parts from the catalogues: ``python docs/make_parts.py`` (a test compares)."""

from __future__ import annotations

from pathlib import Path

from revertant import knowledge
from revertant.model import FeatureKind, power_text

PAGE = Path(__file__).parent / "guides" / "parts.md"

HEAD = """# Parts of vectors

A vector is laid from parts of a catalogue: `revertant.knowledge.vector_parts()`. Each row has its sequence, its length
(held against the sequence when it is read), where it comes from, where it works, its sources, and whether a second copy
agreed. A part whose sequence could not be traced to a public record has none, and nothing is built of it. This page is
written by `python docs/make_parts.py`.

```python
from revertant.knowledge import parts_of_kind, vector_part
from revertant.model import FeatureKind, GenomeForm

itr = vector_part("itr_aav2_dtrs_113")
assert itr.length_bp == 113 and not itr.resolvable
assert itr.fits(GenomeForm.SELF_COMPLEMENTARY_AAV) and not itr.fits(GenomeForm.SINGLE_STRANDED_AAV)
assert parts_of_kind(FeatureKind.PROMOTER, "liver")[0].key == "promoter_tbg"
```

## Your own parts

Parts of your own come from a TOML file with the same fields. Every row that does not fit is named, and a key of the
catalogue cannot be taken. The same file may hold [parts of receptors and binders](car_t_receptors.md): a row with a
`kind` is a part of a vector, one with a `role` a part of a receptor, one with an `antigen` a binder.
`revertant vector`, `revertant car` and `revertant plan` take it with `--parts`, each what it can use.

```python
from pathlib import Path

from revertant.knowledge import read_own_parts

Path("ours.toml").write_text(
    \"""
as_of = "2026-11-26"

[promoter_ours]
name = "our liver promoter"
kind = "promoter"
sequence = "ACGTACGTACGT"
length_bp = 12
tissues = ["liver"]
sources = ["repository:our laboratory, plasmid 17"]
\"""
)
assert read_own_parts(Path("ours.toml")).vector["promoter_ours"].length_bp == 12
```

## The catalogue

`checked` says what a sequence was compared with: it vouches for the bases, and an empty cell means that no second copy
was at hand. Tissues are those where a promoter works, and of miRNA sites those where the transcript is cut. A stretch
that comes from a virus names it, for those who screen orders.
"""


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join([*_parts(), *_capsids(), *_doses(), *_deaths(), *_transgenes()])


def _parts():
    for kind in FeatureKind:
        rows = knowledge.parts_of_kind(kind)
        if rows:
            yield f"\n### {kind.value.replace('_', ' ')}\n\n| key | name | bases | tissues | virus | checked | note |\n"
            yield "|---|---|---|---|---|---|---|\n"
            yield from (
                f"| `{row.key}` | {row.name} | {_length(row)} | {', '.join(row.tissues)} | {row.virus} | "
                f"{row.checked_against if row.checked else ''} | {row.note} |\n"
                for row in rows
            )


def _length(row):
    bases = f"{row.length_bp:,}" if row.length_bp is not None else "not known"
    return bases if row.sequence or row.protein else f"{bases}, no sequence"


def _capsids():
    yield "\n## Capsids\n\nWhere a capsid has been stands with the vehicles; what is checked says so.\n\n"
    yield "| capsid | VP1 residues | reached in people or animals | species | safety | checked |\n"
    yield "|---|---|---|---|---|---|\n"
    for row in knowledge.capsids().values():
        reach = "; ".join(dict.fromkeys(f"{one.tissue.value}, {one.route}" for one in row.reach))
        species = " ".join(
            filter(None, (row.blocked_in_people and f"Not for people. {row.blocked_in_people}", row.species))
        )
        checked = "yes" if row.checked else "no"
        yield f"| {row.name} | {row.vp1_aa or ''} | {reach} | {species} | {row.safety} | {checked} |\n"


def _doses():
    yield "\n## Doses that have been given\n\nAnchors to be discussed, never a recommendation for another vector.\n\n"
    yield "| what | gene | capsid | route | tissue | dose | checked |\n|---|---|---|---|---|---|---|\n"
    for row in knowledge.dose_anchors():
        cells = (
            row.name,
            row.gene,
            row.capsid,
            row.route,
            row.tissue.value,
            row.words,
            "yes" if row.checked else "no",
        )
        yield f"| {' | '.join(cells)} |\n"


def _deaths():
    yield "\n## Deaths after systemic AAV\n\nThe list is not complete.\n\n"
    yield "| product | capsid | disease | vg/kg | deaths | age | after | organ |\n|---|---|---|---|---|---|---|---|\n"
    for row in knowledge.aav_deaths().values():
        dose = (
            power_text(row.low) if row.low == row.high else f"{power_text(row.low)} to {power_text(row.high)}"
        )
        deaths = str(row.deaths) if row.deaths is not None else "not stated"
        cells = (row.name, row.capsid, row.disease, dose, deaths, row.age, row.after, row.organ)
        yield f"| {' | '.join(cells)} |\n"


def _transgenes():
    yield "\n## Coding sequences\n\nRows with a record have their sequence built in, the others only their length.\n\n"
    yield "| key | protein | residues | bases | record |\n|---|---|---|---|---|\n"
    for key, row in knowledge.transgenes().items():
        form = f", {row.form}" if row.form else ""
        record = row.transcript if row.cds else ""
        yield f"| {key} | {row.name}{form} | {row.protein_aa:,} | {row.cds_bp:,} | {record} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
