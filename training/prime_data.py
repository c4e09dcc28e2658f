"""The published pegRNA screens as one kind of row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from revertant.prediction.prime_features import NICK, TARGET_NT, PegSite, WrittenEdit, edit_of
from revertant.sequence import reverse_complement
from training.data import read_table

__all__ = ["DEEPPE", "DEEPPRIME", "PRIDICT", "PegRows", "deeppe", "deepprime", "pridict"]

DEEPPRIME = "crispr/pe/truth/deepprime_DP_variant_293T_PE2_Conv.csv.gz"
DEEPPE = "crispr/pe/truth/minsepie_lib2.csv.gz"
PRIDICT = "crispr/pe/truth/pridict_library2.tsv.gz"


class _Row(NamedTuple):
    site: PegSite
    edit: WrittenEdit
    share: float
    mark: str


@dataclass(frozen=True, slots=True)
class PegRows:
    """PegRNAs with their measured efficiency.

    Parameters
    ----------
    sites, edits
        The pegRNAs and what they write.
    share
        Share of reads with the intended edit, 0 to 1.
    marks
        A word of the source about the row (its fold, its type of edit).
    refused
        Rows left out, by reason.
    """

    sites: tuple[PegSite, ...]
    edits: tuple[WrittenEdit, ...]
    share: np.ndarray
    marks: tuple[str, ...]
    refused: tuple[tuple[str, int], ...] = ()

    @property
    def spacers(self) -> list[str]:
        """The 20 letters of each target that the spacer pairs with."""
        return [site.target[4:24] for site in self.sites]

    def taken(self, keep: np.ndarray) -> PegRows:
        """Return the rows a mask keeps."""
        places = np.flatnonzero(keep)
        return PegRows(
            tuple(self.sites[i] for i in places),
            tuple(self.edits[i] for i in places),
            self.share[places],
            tuple(self.marks[i] for i in places),
            self.refused,
        )


def _collected(found: list[tuple[PegSite, float, str, WrittenEdit | None]]) -> PegRows:
    """Sort rows, work out each edit, and leave out what does not fit its own target.

    Where the flap does not show its edit (a letter deleted in a run longer than the flap), the study's own word
    for the edit stands, if it gives one.
    """
    refused: dict[str, int] = defaultdict(int)
    rows = []
    for site, share, mark, stated in sorted(found, key=lambda item: item[:3]):
        flap, primer = reverse_complement(site.rtt), reverse_complement(site.pbs)
        known = site.target.rstrip("N")
        edit = edit_of(flap, known[NICK:]) or stated
        if not np.isfinite(share):
            refused["not measured"] += 1
        elif not known[:NICK].endswith(primer):
            refused["the PBS does not pair with the target"] += 1
        elif edit is None:
            refused["the flap writes nothing"] += 1
        else:
            rows.append(_Row(site, edit, share, mark))
    return PegRows(
        tuple(row.site for row in rows),
        tuple(row.edit for row in rows),
        np.array([row.share for row in rows]),
        tuple(row.mark for row in rows),
        tuple(sorted(refused.items())),
    )


def deepprime() -> PegRows:
    """Return the DeepPrime 293T PE2 set; marks are its folds."""
    found = []
    for row in read_table(DEEPPRIME):
        edited, pbs_nt = row["Edited74_On"], int(row["PBSlen"])
        rtt = reverse_complement(edited.strip("x")[pbs_nt:])
        pbs = reverse_complement(edited[NICK - pbs_nt : NICK])
        share = float(row["Measured_PE_efficiency"]) / 100
        size, kind = int(row["Edit_len"]), [int(row[name]) for name in ("type_sub", "type_ins", "type_del")]
        written, removed = size * (kind[0] + kind[1]), size * (kind[0] + kind[2])
        stated = WrittenEdit(int(row["Edit_pos"]), written, removed, int(row["RHA_len"]))
        found.append((PegSite(row["WT74_On"], pbs, rtt), share, row["Fold"], stated))
    return _collected(found)


def deeppe() -> PegRows:
    """Return the DeepPE library of edit types and positions; targets end 20 nt behind the PAM."""
    found = []
    for row in read_table(DEEPPE):
        extension, rtt_nt = row["extension"].upper(), int(row["RT_length"])
        target = row["wide_seq"].ljust(TARGET_NT, "N")
        share = float(row["Measured PE efficiency"]) / 100
        found.append(
            (PegSite(target, extension[rtt_nt:], extension[:rtt_nt]), share, row["Datat set name"], None)
        )
    return _collected(found)


def pridict(column: str = "HEKOpti-Scaffold_PE2_averageedited") -> PegRows:
    """Return PRIDICT library 2 with one of its measurements; marks say whether the pegRNA carries tevopreQ1."""
    found = []
    for row in read_table(PRIDICT):
        start = int(row["protospacerlocation_only_initial"].strip("[]").split(",")[1]) - 24
        target = row["wide_initial_target"][start : start + TARGET_NT]
        share = float(row[column]) / 100 if row[column] else np.nan
        found.append((PegSite(target, row["PBS"], row["RTT"]), share, row["tevopreq"], None))
    return _collected(found)
