"""The correctability atlas: of many pathogenic variants, which could be put right, by what, and if not, why not.

Each variant is given by its name and its own stretch of sequence, mutant and wild type. Each way of editing is
asked with the same code that makes a patient's plan, and counts by a definition in words
(``DEFINITIONS``). What a stretch of sequence cannot show is said there too.
"""

from revertant.planning.atlas.base_editing import BaseReach, Bystanders, judge_base
from revertant.planning.atlas.build import build_atlas, judge_row
from revertant.planning.atlas.lines import write_atlas
from revertant.planning.atlas.record import Atlas, AtlasRow, Pams, Way
from revertant.planning.atlas.rows import ContextRow, ContextTable, read_contexts
from revertant.planning.atlas.table import AtlasTable
from revertant.planning.atlas.tables import atlas_tables
from revertant.planning.atlas.words import DEFINITIONS

__all__ = [
    "DEFINITIONS",
    "Atlas",
    "AtlasRow",
    "AtlasTable",
    "BaseReach",
    "Bystanders",
    "ContextRow",
    "ContextTable",
    "Pams",
    "Way",
    "atlas_tables",
    "build_atlas",
    "judge_base",
    "judge_row",
    "read_contexts",
    "write_atlas",
]
