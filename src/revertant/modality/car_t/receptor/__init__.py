"""The receptor designer: parts chosen and laid, rules asked, codons written, vectors made.

A receptor is a list of catalogue parts; its protein is their concatenation, and every construct is translated again.
What the catalogue has no residues of is refused, not guessed.
"""

from revertant.modality.car_t.receptor.assemble import assemble_receptor, product_receptor
from revertant.modality.car_t.receptor.brief import ReceptorBrief, costimulatory_key
from revertant.modality.car_t.receptor.carrying import Carried, CarrierKind, CarrierOptions, carry
from revertant.modality.car_t.receptor.design import CarDesign, design_product, design_receptor
from revertant.modality.car_t.receptor.precedents import (
    ProductComparison,
    compared_products,
    nearest_product,
    same_protein,
)
from revertant.modality.car_t.receptor.receptor import Receptor, Segment, lay_receptor
from revertant.modality.car_t.receptor.rules import receptor_findings
from revertant.modality.car_t.receptor.trac import (
    INTERVAL,
    TracSite,
    arm_finding,
    find_trac,
    holds_trac,
    trac_of_cells,
)

__all__ = [
    "INTERVAL",
    "CarDesign",
    "Carried",
    "CarrierKind",
    "CarrierOptions",
    "ProductComparison",
    "Receptor",
    "ReceptorBrief",
    "Segment",
    "TracSite",
    "arm_finding",
    "assemble_receptor",
    "carry",
    "compared_products",
    "costimulatory_key",
    "design_product",
    "design_receptor",
    "find_trac",
    "holds_trac",
    "lay_receptor",
    "nearest_product",
    "product_receptor",
    "receptor_findings",
    "same_protein",
    "trac_of_cells",
]
