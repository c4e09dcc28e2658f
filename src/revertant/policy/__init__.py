"""What may be planned at all: dated rules beside a small engine, asked before any design is made.

The one idea: **a rule is data, and what a case leaves out is unknown**. Rules live in TOML files with their sources,
their places and their days; no code is run from them. A rule file that would let heritable editing pass is refused when
it is read. Every decision is kept as the facts it used and the digest of the rules, and can be made again.
"""

from revertant.policy.decisions import Answer, Decision, Verdict, decide, decide_order
from revertant.policy.gating import enforce, findings_of, gate
from revertant.policy.logs import read_decision, replay
from revertant.policy.places import EU_MEMBERS, groups_of
from revertant.policy.rulebook import Effect, Rule, Rulebook, rulebook, rules, rules_digest

__all__ = [
    "EU_MEMBERS",
    "Answer",
    "Decision",
    "Effect",
    "Rule",
    "Rulebook",
    "Verdict",
    "decide",
    "decide_order",
    "enforce",
    "findings_of",
    "gate",
    "groups_of",
    "read_decision",
    "replay",
    "rulebook",
    "rules",
    "rules_digest",
]
