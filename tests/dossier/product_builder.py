"""Label matches made by hand, for the tests of the dossier. The criteria are for the layout: not to be cited."""

from __future__ import annotations

from revertant.model import CriterionMatch, CriterionState, LabelMatch

S = CriterionState
ABSENT = CriterionMatch(
    "smn1_copies", "indication", S.MET, "SMN1 is absent.", "MLPA 2026-11-02: no copy of SMN1", sources=("label:A US 2025-02",)
)  # fmt: skip
OLD = CriterionMatch("age", "indication", S.NOT_MET, "The label ends at 2 years of age.", "3 years")
INFECTION = CriterionMatch(
    "active_infection", "exclusion", S.UNKNOWN, "Nothing in the case says whether there is an infection.", to_measure="Clinical examination"
)  # fmt: skip
COPIES = CriterionMatch(
    "smn2_copies",
    "indication",
    S.CONFLICT,
    "Two results disagree.",
    "MLPA 2; in silico 3",
    "Confirm by MLPA or dPCR",
)
TITRE = CriterionMatch(
    "anti_aav9", "trial", S.NOT_MET, "The titre is above 1:50.", "TAb 1:100", "Repeat the titre", ("PMID:29091557",), checked=False
)  # fmt: skip

MATCHES = (
    LabelMatch("late", "Product withdrawn", "EU", "2024-01", "withdrawn", ()),
    LabelMatch(
        "iv", "Product A, intravenous", "US", "2025-02", "marketed", (ABSENT, INFECTION, COPIES, TITRE), ("acute liver failure",), "1.1e14 vg/kg"
    ),
    LabelMatch("iv", "Product A, intravenous", "EU", "2025-05", "marketed", (ABSENT, TITRE)),
    LabelMatch("iv", "Product A, intravenous", "JP", "2024-09", "marketed", (ABSENT, OLD, INFECTION)),
)  # fmt: skip
