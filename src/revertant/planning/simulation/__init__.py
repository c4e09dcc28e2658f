"""Apply a guide, a pegRNA or a donor to a sequence, and see what comes out.

Nothing here asks what was wanted. The molecule finds its place on the sequence or is refused, with what stands there
instead; the product is worked out base by base; then it is compared with the reference and put into HGVS. The
sequence is a copy that a person carries, or one that was given.
"""

from revertant.planning.simulation.base_edit import simulate_base_edit
from revertant.planning.simulation.cut import simulate_cut
from revertant.planning.simulation.ground import Ground, copies_words, given_ground, grounds_at
from revertant.planning.simulation.person import copies_at
from revertant.planning.simulation.placing import molecule_letters, place_guide
from revertant.planning.simulation.prime_edit import extension_parts, simulate_prime_edit
from revertant.planning.simulation.repair import simulate_repair
from revertant.planning.simulation.result import EditedAllele, Simulation, SimulationReport
from revertant.planning.simulation.run import simulate_all

__all__ = [
    "EditedAllele",
    "Ground",
    "Simulation",
    "SimulationReport",
    "copies_at",
    "copies_words",
    "extension_parts",
    "given_ground",
    "grounds_at",
    "molecule_letters",
    "place_guide",
    "simulate_all",
    "simulate_base_edit",
    "simulate_cut",
    "simulate_prime_edit",
    "simulate_repair",
]
