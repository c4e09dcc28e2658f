"""Genes that do not fit one AAV: two halves that join, a shortened gene, another vector, or none.

A gene is cut in two only where the halves were joined again by computation to the same sequence or protein. A shortened
gene is written only where the residues of its joints were verified. One oversized AAV is refused.
"""

from revertant.modality.gene_addition.oversized.editors import EditorCargo, editor_cargo, editor_cargos
from revertant.modality.gene_addition.oversized.halves import (
    DualMethod,
    DualSplit,
    SplitRoom,
    dual_splits,
    join_overlapping,
    join_spliced,
)
from revertant.modality.gene_addition.oversized.inteins import (
    InteinHalves,
    ProteinDomain,
    SplitIntein,
    SplitSearch,
    SplitSite,
    intein_halves,
    join_spliced_proteins,
    split_inteins,
    split_sites,
)
from revertant.modality.gene_addition.oversized.minigenes import (
    b_domain_deleted_factor_viii,
    mini_gene_protein,
    mini_genes_of,
)
from revertant.modality.gene_addition.oversized.option import RouteOption
from revertant.modality.gene_addition.oversized.room import dual_room
from revertant.modality.gene_addition.oversized.routes import routes_for_gene, routes_for_length

__all__ = [
    "DualMethod",
    "DualSplit",
    "EditorCargo",
    "InteinHalves",
    "ProteinDomain",
    "RouteOption",
    "SplitIntein",
    "SplitRoom",
    "SplitSearch",
    "SplitSite",
    "b_domain_deleted_factor_viii",
    "dual_room",
    "dual_splits",
    "editor_cargo",
    "editor_cargos",
    "intein_halves",
    "join_overlapping",
    "join_spliced",
    "join_spliced_proteins",
    "mini_gene_protein",
    "mini_genes_of",
    "routes_for_gene",
    "routes_for_length",
    "split_inteins",
    "split_sites",
]
