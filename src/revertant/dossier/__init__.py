"""Turn a plan, or an off-target nomination, into files for people and for machines.

The one idea: a dossier says nothing that the plan does not say. It orders, groups, draws and shortens, and
where it shortens it says so and names the file that holds everything. The same plan gives the same bytes,
and a folder holds all of a dossier or nothing of it.
"""

from revertant.dossier.atlas_report import atlas_html
from revertant.dossier.drawing.construct import draw_construct
from revertant.dossier.drawing.offtargets import draw_contigs, draw_scores
from revertant.dossier.drawing.plasmid import draw_plasmid
from revertant.dossier.drawing.sequence import draw_sequence
from revertant.dossier.exchange.found import find_inputs, lay_inputs
from revertant.dossier.exchange.reproduce import Comparison, Crate, changed_since, read_crate
from revertant.dossier.exchange.reproduce import compare as compare_dossiers
from revertant.dossier.exchange.seal import EXCHANGE_FILES, SEAL_FILES
from revertant.dossier.files import CONSTRUCT_FILES, DOSSIER_FILES, check_folder, write_dossier
from revertant.dossier.nomination.files import (
    NOMINATION_FILES,
    check_nomination_folder,
    nomination_folder,
    write_nomination,
)
from revertant.dossier.nomination.report import nomination_html
from revertant.dossier.nomination.terminal import nomination_summary
from revertant.dossier.replay import verify as verify_replay
from revertant.dossier.report import report_html
from revertant.dossier.schema import SCHEMAS, nomination_schema, plan_schema, schema_text, write_schema
from revertant.dossier.simulation.files import check_simulation_file, write_simulation
from revertant.dossier.simulation.report import simulation_html, simulation_svg
from revertant.dossier.simulation.terminal import simulation_text
from revertant.dossier.tables import columns_text
from revertant.dossier.terminal import summary_table
from revertant.dossier.vectors.genbank import fasta_text, genbank_text

__all__ = [
    "CONSTRUCT_FILES",
    "DOSSIER_FILES",
    "EXCHANGE_FILES",
    "NOMINATION_FILES",
    "SCHEMAS",
    "SEAL_FILES",
    "Comparison",
    "Crate",
    "atlas_html",
    "changed_since",
    "check_folder",
    "check_nomination_folder",
    "check_simulation_file",
    "columns_text",
    "compare_dossiers",
    "draw_construct",
    "draw_contigs",
    "draw_plasmid",
    "draw_scores",
    "draw_sequence",
    "fasta_text",
    "find_inputs",
    "genbank_text",
    "lay_inputs",
    "nomination_folder",
    "nomination_html",
    "nomination_schema",
    "nomination_summary",
    "plan_schema",
    "read_crate",
    "report_html",
    "schema_text",
    "simulation_html",
    "simulation_svg",
    "simulation_text",
    "summary_table",
    "verify_replay",
    "write_dossier",
    "write_nomination",
    "write_schema",
    "write_simulation",
]
