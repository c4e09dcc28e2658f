"""Turn a plan into files for people and for machines.

The one idea: a dossier says nothing that the plan does not say. It orders, groups, draws and shortens, and
where it shortens it says so and names the file that holds everything. The same plan gives the same bytes.
"""

from revertant.dossier.files import DOSSIER_FILES, check_folder, write_dossier
from revertant.dossier.report import report_html
from revertant.dossier.schema import plan_schema, write_schema
from revertant.dossier.svg_offtargets import draw_contigs, draw_scores
from revertant.dossier.svg_sequence import draw_sequence
from revertant.dossier.tables import columns_text
from revertant.dossier.terminal import summary_table

__all__ = [
    "DOSSIER_FILES",
    "check_folder",
    "columns_text",
    "draw_contigs",
    "draw_scores",
    "draw_sequence",
    "plan_schema",
    "report_html",
    "summary_table",
    "write_dossier",
    "write_schema",
]
