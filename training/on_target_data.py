"""The published sets of guide activity as one kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from revertant.sequence import is_dna
from training.data import read_table
from training.measure import rank_share

__all__ = ["AZIMUTH", "BEHAN", "DEEPHF", "EFFDATA", "KIM", "GuideRows", "merged", "sets"]

FOLDER = "crispr/ontarget/truth/"
KIM = FOLDER + "deepspcas9_kim2019_train.csv.gz"
AZIMUTH = FOLDER + "azimuth_FC_plus_RES_withPredictions.csv.gz"
EFFDATA = FOLDER + "crispor_effdata_all.tsv.gz"
BEHAN = FOLDER + "rs3_Behan2019_activity.csv.gz"
#: File of each nuclease in the library screens, protospacer and PAM without flanks.
DEEPHF = {
    "spcas9": FOLDER + "crisprfmc_WT.csv.gz",
    "espcas9_1_1": FOLDER + "crisprfmc_ESP.csv.gz",
    "spcas9_hf1": FOLDER + "crisprfmc_HF.csv.gz",
    "sniper_cas9": FOLDER + "crisprfmc_Sniper-Cas9.csv.gz",
    "spcas9_ng": FOLDER + "crisprfmc_SpCas9-NG.csv.gz",
    "xcas9": FOLDER + "crisprfmc_xCas.csv.gz",
}
#: Screens whose numbers fall as a guide works: fold changes of drop-out.
_FALLING = ("xu2015Train", "wang2015")


@dataclass(frozen=True, slots=True)
class GuideRows:
    """Guides of one set, sorted, each once, with its mean measurement (more is better).

    Parameters
    ----------
    contexts
        30 nt (4 + 20 + 3 + 3); flanks that are not known are N.
    activity
        In the set's own unit.
    genes
        Empty where the set names none.
    """

    contexts: tuple[str, ...]
    activity: np.ndarray
    genes: tuple[str, ...]

    @property
    def spacers(self) -> list[str]:
        """The 20 nt of each guide."""
        return [context[4:24] for context in self.contexts]

    def taken(self, keep: np.ndarray) -> GuideRows:
        """Return the rows a mask keeps."""
        places = np.flatnonzero(keep)
        return GuideRows(
            tuple(self.contexts[i] for i in places),
            self.activity[places],
            tuple(self.genes[i] for i in places),
        )


def _collected(rows: Iterable[tuple[str, float, str]]) -> GuideRows:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for context, activity, gene in rows:
        if len(context) == 30 and is_dna(context[4:27]) and set(context) <= set("ACGTN"):
            found[context, gene].append(activity)
    keys = sorted(found)
    return GuideRows(
        tuple(key[0] for key in keys),
        np.array([np.mean(found[key]) for key in keys]),
        tuple(key[1] for key in keys),
    )


@cache
def sets() -> Mapping[str, GuideRows]:
    """Return every set by its name; those of one nuclease's library under the nuclease's key."""
    found = {
        "kim2019": _collected(
            (row["Target_context"], float(row["indel"]) / 100, "") for row in read_table(KIM)
        ),
        "azimuth": _collected(
            (row["30mer"], float(row["score_drug_gene_rank"]), row["Target gene"] + row["drug"])
            for row in read_table(AZIMUTH)
        ),
        "behan2019": _collected(
            (
                row["sgRNA Context Sequence"],
                float(row["avg_mean_centered_neg_lfc"]),
                row["Target Gene Symbol"],
            )
            for row in read_table(BEHAN)
        ),
    }
    for nuclease, file in DEEPHF.items():
        # The library of Kim 2020 counts in percent, that of Wang 2019 in shares.
        unit = 100 if nuclease in {"sniper_cas9", "spcas9_ng", "xcas9"} else 1
        found[nuclease] = _collected(
            (f"NNNN{row['sgRNA']}NNN", float(row["indel"]) / unit, "") for row in read_table(file)
        )
    lines = defaultdict(list)
    for row in read_table(EFFDATA):
        if row["modFreq"] not in {"", "NA"}:
            sign = -1 if row["file"].startswith(_FALLING) else 1
            gene = (row["name"] or row["guide"]).rsplit("-", 1)[0].rsplit("_", 1)[0]
            lines[row["file"]].append((row["longSeq100Bp"][26:56], sign * float(row["modFreq"]), gene))
    return found | {name: _collected(rows) for name, rows in lines.items()}


def merged(names: Iterable[str], *, within_gene: bool) -> GuideRows:
    """Join sets as ranks; a guide in several has the mean of its ranks.

    Parameters
    ----------
    within_gene
        Take the gene's mean off first: in a drop-out screen it says how much the cell needs the gene.
    """
    found: dict[str, list[float]] = defaultdict(list)
    for name in names:
        rows = sets()[name]
        rank = rank_share(rows.activity)
        if within_gene:
            _, gene = np.unique(np.array(rows.genes), return_inverse=True)
            rank = rank_share(rank - (np.bincount(gene, rank) / np.bincount(gene))[gene])
        for context, value in zip(rows.contexts, rank, strict=True):
            found[context].append(value)
    contexts = tuple(sorted(found))
    return GuideRows(contexts, np.array([np.mean(found[text]) for text in contexts]), ("",) * len(contexts))
