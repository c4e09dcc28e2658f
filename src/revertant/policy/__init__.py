"""What may be planned at all: dated rules beside a small engine, asked before any design is made.

The one idea: **a rule is data, and what a case leaves out is unknown**. Rules live in ``rules.toml`` with
their sources; no code is run from them. A rule file that would let heritable editing pass is refused when it
is read.
"""

from revertant.policy.gating import enforce, gate
from revertant.policy.rulebook import Effect, Rule, rules, rules_digest

__all__ = ["Effect", "Rule", "enforce", "gate", "rules", "rules_digest"]
