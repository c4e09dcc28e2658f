"""Which antigens of a tumour to attack, alone or in gates."""

from revertant.modality.car_t.targets.annotated import (
    AnnotatedCells,
    Annotation,
    is_annotated,
    read_annotated,
)
from revertant.modality.car_t.targets.cell_files import read_cells
from revertant.modality.car_t.targets.cells import MALIGNANT, PackedCells, pack_cells
from revertant.modality.car_t.targets.clusters import (
    ClusterShare,
    ClusterTable,
    clusters_of_cells,
    read_clusters,
)
from revertant.modality.car_t.targets.expression import ExpressionTable, ExpressionUnit, read_expression
from revertant.modality.car_t.targets.forms import FORMS, Form, Gate, parts_of
from revertant.modality.car_t.targets.gates import (
    GateLimits,
    GateResult,
    GateSearch,
    OrganHit,
    gate_findings,
    measure_gate,
    search_gates,
)
from revertant.modality.car_t.targets.judging import AntigenVariant
from revertant.modality.car_t.targets.safety import OrganLevel, catalogue_safety, contrast, normal_levels
from revertant.modality.car_t.targets.selection import (
    TargetAssessment,
    TargetLimits,
    TargetSelection,
    TargetVerdict,
    TumourEvidence,
    assess_target,
    select_targets,
)
from revertant.modality.car_t.targets.symbols import (
    SymbolTable,
    catalogue_symbols,
    read_hgnc,
    with_catalogue,
    with_present_symbols,
)

__all__ = [
    "FORMS",
    "MALIGNANT",
    "AnnotatedCells",
    "Annotation",
    "AntigenVariant",
    "ClusterShare",
    "ClusterTable",
    "ExpressionTable",
    "ExpressionUnit",
    "Form",
    "Gate",
    "GateLimits",
    "GateResult",
    "GateSearch",
    "OrganHit",
    "OrganLevel",
    "PackedCells",
    "SymbolTable",
    "TargetAssessment",
    "TargetLimits",
    "TargetSelection",
    "TargetVerdict",
    "TumourEvidence",
    "assess_target",
    "catalogue_safety",
    "catalogue_symbols",
    "clusters_of_cells",
    "contrast",
    "gate_findings",
    "is_annotated",
    "measure_gate",
    "normal_levels",
    "pack_cells",
    "parts_of",
    "read_annotated",
    "read_cells",
    "read_clusters",
    "read_expression",
    "read_hgnc",
    "search_gates",
    "select_targets",
    "with_catalogue",
    "with_present_symbols",
]
