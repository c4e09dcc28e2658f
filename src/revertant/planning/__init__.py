"""From a case to a plan: the only room that sees the whole line.

Files are read by :func:`open_inputs`, before the first stage. :func:`make_plan` is then a straight line of pure
steps: the gate, the targets, the strategies, the designs, one off-target search for all guides, the
assessments, the ranking. Everything that was not taken is in the plan too, with its reason.
"""

from revertant.planning.atlas import (
    DEFINITIONS,
    Atlas,
    AtlasRow,
    Bystanders,
    ContextRow,
    ContextTable,
    atlas_tables,
    build_atlas,
    judge_row,
    read_contexts,
    write_atlas,
)
from revertant.planning.coding_sequences import coding_sequences
from revertant.planning.inputs import (
    Inputs,
    OpenedFiles,
    file_digest,
    open_files,
    open_inputs,
    without_genome,
)
from revertant.planning.inquiry import NO_CASE, Inquiry, case_of
from revertant.planning.make import SCHEMA, PlanOptions, make_plan
from revertant.planning.parameters import options_of
from revertant.planning.ranking import TIERS, rank_designs
from revertant.planning.targets import ResolvedCase, resolve_case
from revertant.planning.trials_asked import with_trials
from revertant.planning.tumour.inquiry import ReceptorInquiry, receptor_plan
from revertant.planning.verdict import NOTICE

__all__ = [
    "DEFINITIONS",
    "NOTICE",
    "NO_CASE",
    "SCHEMA",
    "TIERS",
    "Atlas",
    "AtlasRow",
    "Bystanders",
    "ContextRow",
    "ContextTable",
    "Inputs",
    "Inquiry",
    "OpenedFiles",
    "PlanOptions",
    "ReceptorInquiry",
    "ResolvedCase",
    "atlas_tables",
    "build_atlas",
    "case_of",
    "coding_sequences",
    "file_digest",
    "judge_row",
    "make_plan",
    "open_files",
    "open_inputs",
    "options_of",
    "rank_designs",
    "read_contexts",
    "receptor_plan",
    "resolve_case",
    "with_trials",
    "without_genome",
    "write_atlas",
]
