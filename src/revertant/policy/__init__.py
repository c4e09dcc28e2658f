"""What may be planned at all: dated rules beside a small engine, asked before any design is made.

The one idea: **a rule is data, and what a case leaves out is unknown**. Rules live in TOML files with their sources,
their places and their days; no code is run from them. A rule file that would let heritable editing pass is refused when
it is read. Every decision is kept as the facts it used and the digest of the rules, and can be made again.

What regulators ask for beside the law stands in checklists of the same kind: data, answered from a plan that is made.
"""

from revertant.policy.checklists import answer_checklists, checklists_digest, guidance_documents
from revertant.policy.commec import read_commec, run_commec
from revertant.policy.decisions import Answer, Decision, Verdict, decide, decide_order
from revertant.policy.gating import enforce, findings_of, gate
from revertant.policy.logs import read_decision, replay
from revertant.policy.places import EU_MEMBERS, groups_of
from revertant.policy.rulebook import Effect, Rule, Rulebook, rulebook, rules, rules_digest
from revertant.policy.screening import (
    HOW_TO_SCREEN,
    ExpectedPart,
    Ordered,
    ScreeningHit,
    ScreeningRecord,
    ScreeningState,
    expected_parts,
    expected_words,
    must_be_screened,
    not_screened,
    read_certificate,
    read_order,
    screening_findings,
    screening_mark,
)

__all__ = [
    "EU_MEMBERS",
    "HOW_TO_SCREEN",
    "Answer",
    "Decision",
    "Effect",
    "ExpectedPart",
    "Ordered",
    "Rule",
    "Rulebook",
    "ScreeningHit",
    "ScreeningRecord",
    "ScreeningState",
    "Verdict",
    "answer_checklists",
    "checklists_digest",
    "decide",
    "decide_order",
    "enforce",
    "expected_parts",
    "expected_words",
    "findings_of",
    "gate",
    "groups_of",
    "guidance_documents",
    "must_be_screened",
    "not_screened",
    "read_certificate",
    "read_commec",
    "read_decision",
    "read_order",
    "replay",
    "rulebook",
    "rules",
    "rules_digest",
    "run_commec",
    "screening_findings",
    "screening_mark",
]
