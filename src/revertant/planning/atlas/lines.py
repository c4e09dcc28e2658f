"""The atlas as a file: one row for each variant, for looking up."""

from __future__ import annotations

import csv
from io import StringIO

from revertant.planning.atlas.base_editing import cells
from revertant.planning.atlas.donor_repair import RepairCut
from revertant.planning.atlas.places import nuclease_kinds
from revertant.planning.atlas.prime_editing import prime_nickases
from revertant.planning.atlas.record import Atlas, AtlasRow, Pams
from revertant.planning.atlas.tables import ways_text

__all__ = ["write_atlas"]

_ROW = ("line", "name", "gene", "phenotype", "put_right_by_NGG", "put_right_by_any_PAM")
_BASE = (
    "base_best",
    "base_because",
    "base_editor",
    "base_spacer",
    "base_pam",
    "base_target_position",
    "base_frame_not_known",
)
_PRIME = (
    "prime_nickase",
    "prime_spacer",
    "prime_pam",
    "prime_pbs",
    "prime_rtt",
    "prime_edit_position",
    "prime_because",
)
_DONOR = (
    "donor_nuclease",
    "donor_spacer",
    "donor_pam",
    "donor_distance_nt",
    "donor_kept_away_by",
    "donor_because",
    "donor_frame_not_known",
)


def write_atlas(atlas: Atlas) -> str:
    r"""Write one tab-separated row for each variant.

    First the best of each way, then one column for each set of editors: the class of bystanders by chemistry and
    PAM, the place of the edit from the nick by nickase, what keeps each nuclease away, and how each tells the copies
    apart.

    Examples
    --------
    >>> from revertant.model import Tally
    >>> write_atlas(Atlas((), Tally.of("rows", kept=0))).split("\t")[:5]
    ['line', 'name', 'gene', 'phenotype', 'put_right_by_NGG']
    """
    text = StringIO()
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, escapechar="\\")
    kinds = [kind.key for kind in nuclease_kinds()]
    writer.writerow(
        [
            *(*_ROW, *_BASE, *_PRIME, *_DONOR),
            "allele_specific_best",
            *(f"base_{chemistry}_{pam}" for chemistry, pam in cells()),
            *(f"prime_{editor.nuclease}" for editor in prime_nickases()),
            *(f"donor_{key}" for key in kinds),
            *(f"allele_specific_{key}" for key in kinds),
        ]
    )
    for row in atlas.rows:
        writer.writerow(_line(row))
    return text.getvalue()


def _line(row: AtlasRow) -> list[str]:
    written, reached = row.row, row.base.by_cell
    return [
        str(written.line),
        written.name,
        written.gene,
        written.phenotype,
        *(ways_text(row.ways(pams)) for pams in Pams),
        *_base(row),
        *_prime(row),
        *_donor(row),
        str(row.allele.best or ""),
        *(reached[cell].value if cell in reached else "" for cell in cells()),
        *(str(edit.edit_position) if edit else "" for edit in map(row.prime.with_nickase, _nickases())),
        *(cut.shielding.value if cut else "" for cut in map(row.repair.by_kind, _kinds())),
        *(str(row.allele.of(key) or "") for key in _kinds()),
    ]


def _nickases() -> list[str]:
    return [editor.nuclease for editor in prime_nickases()]


def _kinds() -> list[str]:
    return [kind.key for kind in nuclease_kinds()]


def _base(row: AtlasRow) -> list[str]:
    base = row.base
    best = base.best.value if base.best is not None else "not correctable"
    guide = [str(part) for part in base.guide] if base.guide is not None else [""] * 4
    return [best, base.because, *guide, base.frame]


def _prime(row: AtlasRow) -> list[str]:
    """The first nickase that can, NGG before the others; without one, why that of NGG cannot."""
    if not row.prime.edits:
        return [""] * 6 + [row.prime.because[0][1]]
    edit = row.prime.edits[0]
    return [edit.nuclease, edit.spacer, edit.pam, edit.pbs, edit.rtt, str(edit.edit_position), ""]


def _donor(row: AtlasRow) -> list[str]:
    repair = row.repair
    best: RepairCut | None = min(
        repair.cuts, key=lambda cut: (cut.shielding.rank, cut.distance), default=None
    )
    if best is None:
        return ["", "", "", "", "", repair.because, repair.frame]
    return [
        best.kind,
        best.spacer,
        best.pam,
        str(best.distance),
        best.shielding.value,
        repair.because,
        repair.frame,
    ]
