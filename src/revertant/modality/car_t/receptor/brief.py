"""What a receptor is asked to be: everything may be left open but the antigen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from revertant.errors import UsageError
from revertant.knowledge import CarBinder, CarPart

__all__ = ["COSTIMULATION", "ORDERS", "ReceptorBrief", "costimulatory_key"]

#: What people call costimulatory domains, and their keys in the catalogue.
COSTIMULATION: Mapping[str, str] = {
    "4-1bb": "cd137_icd",
    "41bb": "cd137_icd",
    "cd137": "cd137_icd",
    "cd28": "cd28_icd",
    "ox40": "ox40_icd",
    "icos": "icos_icd",
}
#: Order of the variable domains of a single-chain fragment.
ORDERS = ("VL-VH", "VH-VL")
_COSTIMULATORY_OF = {1: 0, 2: 1, 3: 2, 4: 1, 5: 1}


@dataclass(frozen=True, slots=True)
class ReceptorBrief:
    """What is asked for.

    Parameters
    ----------
    antigen
        HGNC symbol or another name of the antigen.
    binder, second_binder
        Keys of binders; empty takes the user's own for the antigen, else the furthest come, and no second one. A second
        binder makes a tandem receptor, bound by either antigen.
    domains
        Keys of variable domains of a binder of one's own, N-terminus first, instead of ``binder``.
    order, linker
        Order of the variable domains (``"VL-VH"`` or ``"VH-VL"``) and key of the linker; empty for the original's.
    signal, hinge, transmembrane, zeta
        Keys of parts; empty takes those that products have beside the first costimulatory domain.
    costimulatory
        Keys of costimulatory domains from the membrane on; empty takes 4-1BB (CD28 before it in a third generation).
    generation
        1 to 5.
    cytokine_receptor, armour
        Of a fifth and a fourth generation: keys of parts.
    switch, joint
        Keys of a safety switch and of the 2A peptide before it; empty for no switch.
    own_parts, own_binders
        The user's own parts and binders by key.

    Raises
    ------
    UsageError
        When what is asked does not go together.

    Examples
    --------
    >>> ReceptorBrief("CD19").generation
    2
    """

    antigen: str
    binder: str = ""
    second_binder: str = ""
    domains: tuple[str, ...] = ()
    order: str = ""
    linker: str = ""
    signal: str = "cd8a_signal"
    hinge: str = ""
    transmembrane: str = ""
    costimulatory: tuple[str, ...] = ()
    generation: int = 2
    zeta: str = "cd3z"
    cytokine_receptor: str = ""
    armour: str = ""
    switch: str = ""
    joint: str = "t2a"
    own_parts: Mapping[str, CarPart] = field(default_factory=dict)
    own_binders: Mapping[str, CarBinder] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.generation not in _COSTIMULATORY_OF:
            raise UsageError(f"There is no generation {self.generation}.", remedy="Choose 1 to 5.")
        if self.domains and self.binder:
            raise UsageError(
                "A binder and domains of one's own are named.", remedy="Name one of them.", code="two-binders"
            )
        if self.order and self.order not in ORDERS:
            raise UsageError(
                f"{self.order!r} is no order of variable domains.", remedy=f"Use {' or '.join(ORDERS)}."
            )
        wanted = _COSTIMULATORY_OF[self.generation]
        if self.costimulatory and len(self.costimulatory) != wanted:
            raise UsageError(
                f"A receptor of generation {self.generation} has {wanted} costimulatory "
                f"domain{'' if wanted == 1 else 's'}, and {len(self.costimulatory)} are named.",
                remedy="Name as many, or another generation.",
                code="generation",
            )
        if (self.generation == 4) != bool(self.armour):
            raise UsageError(
                "A receptor of generation 4 is one with armour (a cytokine, say), and no other has it.",
                remedy="Name the armour and generation 4 together.",
                code="generation",
            )
        if self.cytokine_receptor and self.generation != 5:
            raise UsageError(
                "The domain of a cytokine receptor makes a receptor of generation 5.",
                remedy="Ask for generation 5.",
                code="generation",
            )

    @property
    def costimulatory_keys(self) -> tuple[str, ...]:
        """Keys of its costimulatory domains, from the membrane on."""
        usual = {0: (), 1: ("cd137_icd",), 2: ("cd28_icd", "cd137_icd")}
        return self.costimulatory or usual[_COSTIMULATORY_OF[self.generation]]


def costimulatory_key(word: str) -> str:
    """Turn what people type into the key of a costimulatory domain; anything else is taken for a key.

    Examples
    --------
    >>> costimulatory_key("4-1BB"), costimulatory_key("ours")
    ('cd137_icd', 'ours')
    """
    return COSTIMULATION.get(word.strip().casefold(), word.strip())
