"""A therapy without a binder to build its receptor of: its edits, its risks and what to watch stand anyway."""

from __future__ import annotations

from collections.abc import Mapping

from revertant import knowledge
from revertant.knowledge import CarBinder, CarPart
from revertant.modality.car_t.edits import design_edit_set
from revertant.modality.car_t.eligibility import NAME
from revertant.modality.car_t.therapy import (
    Completed,
    TherapyGround,
    edit_oligos,
    edit_request,
    findings_of,
    watch_of,
)
from revertant.model import Assessment, CarTherapy, Design, Finding, GenomeForm, Route, Status

__all__ = ["can_stand_without", "holds_residues", "needed_binder", "therapy_without_receptor"]

_RULE = "receptor.binder"


def can_stand_without(antigen: str) -> bool:
    """Whether enough is known of an antigen to plan its cells without a receptor: a catalogue knows it.

    Parameters
    ----------
    antigen
        Its symbol.

    Examples
    --------
    >>> can_stand_without("CD7"), can_stand_without("NOTAGENE")
    (True, False)
    """
    return knowledge.antigen_named(antigen) is not None or antigen in knowledge.car_edits()


def holds_residues(antigen: str, binders: Mapping[str, CarBinder], parts: Mapping[str, CarPart]) -> bool:
    """Whether the residues of every domain of a binder of an antigen are held.

    Parameters
    ----------
    antigen
        Its symbol.
    binders, parts
        The user's own, by key.

    Examples
    --------
    >>> holds_residues("CD19", {}, {}), holds_residues("CD7", {}, {})
    (True, False)
    """
    if not knowledge.bound_antigens([antigen], binders):
        return False
    known = {**knowledge.car_parts(), **parts}
    rows = knowledge.binders_of(antigen, binders)
    return any(all(known[key].protein for key in row.domains) for row in rows)


def needed_binder(antigen: str) -> tuple[Finding, Finding]:
    """Say that a receptor lacks its binder, and what to bring in which format.

    Parameters
    ----------
    antigen
        The symbol of an antigen that no binder with residues is held for.

    Returns
    -------
    tuple
        What is lacking, which fails, and what would mend it, which is open.

    Examples
    --------
    >>> lacking, needed = needed_binder("CD7")
    >>> lacking.status.value, needed.value
    ('fail', "role = 'variable_domain'; antigen = 'CD7'")
    """
    held = (
        f"Of the binders of {antigen} in the catalogue no residues are held: {', '.join(_named(antigen))}."
        if knowledge.bound_antigens([antigen])
        else f"No binder of {antigen} is in the catalogue."
    )
    lacking = (
        f"{held} No receptor was laid; the edits of the cells, what else carries {antigen}, and what to watch stand "
        "here."
    )
    records = knowledge.binder_records(antigen)
    sources = tuple(dict.fromkeys(source for one in records for source in one.sources))
    described = "; ".join(f"{one.title} ({', '.join(one.sources)})" for one in records)
    told = f" Records that describe some, whose residues are not held here: {described}." if described else ""
    needed = (
        "A binder is brought with --parts, a TOML file. Each variable domain is a table with role = 'variable_domain', "
        "fold = 'VH', 'VL' or 'VHH', name, origin, protein (residues in one letter), length_aa, sources and as_of. The "
        f"binder is a table with antigen = '{antigen}', name, domains (their keys, N-terminus first), linker where "
        "there are two, stage = 'none', sources and as_of. A domain that the catalogue names without residues is "
        f"filled in by its key.{told}"
    )
    value = f"role = 'variable_domain'; antigen = '{antigen}'"
    return (
        Finding(_RULE, Status.FAIL, lacking, antigen, "a binder with residues"),
        Finding(f"{_RULE}_needed", Status.UNKNOWN, needed, value, sources=sources),
    )


def _named(antigen: str) -> list[str]:
    rows: tuple[CarBinder, ...] = knowledge.binders_of(antigen)
    return [f"{row.name} (parts {' and '.join(row.domains)})" for row in rows]


def therapy_without_receptor(antigen: str, ground: TherapyGround) -> Completed:
    """Plan everything of a therapy but its receptor; a rule that fails says what is lacking, so it never stands.

    Parameters
    ----------
    antigen
        The symbol of what is to be attacked.
    ground
        What is known of the tumour and of the person.

    Examples
    --------
    >>> from revertant.model import CellProduct, CellSource
    >>> ground = TherapyGround(cells=CellProduct(source=CellSource.ALLOGENEIC))
    >>> whole = therapy_without_receptor("CD7", ground)
    >>> [edit.gene for edit in whole.design.car.edit_set.edits], whole.design.vector
    (['TRAC', 'CD7', 'B2M', 'CIITA'], None)
    """
    # Until a vector is chosen the statements on lentiviruses count, which most receptors come in.
    form = GenomeForm.LENTIVIRAL
    request = edit_request((antigen,), ground, knock_in=ground.cells.knock_in)
    batch = design_edit_set(request, ground.genome, ground.models, ground.options)
    course = Finding(
        "kinetics.domain",
        Status.NOT_APPLICABLE,
        "Without a receptor there are no cells whose course could be foreseen.",
    )
    design = Design(
        modality=NAME,
        route=Route.ATTACK_TUMOUR,
        gene=f"cells_against_{antigen}",
        acts_on=f"{antigen} on tumour cells",
        effector="",
        effector_name="no receptor yet",
        guides=tuple(guide for one in batch.designs for guide in one.guides),
        purpose=f"Everything of T cells against {antigen} but their receptor, for which no binder is held.",
        oligos=tuple(edit_oligos(batch)),
        facts=(("receptor", "none: no binder with residues is held"),),
        car=CarTherapy(
            disease=ground.disease,
            attacked=(antigen,),
            protein="",
            domains=(),
            edit_set=batch.edit_set,
            kinetics=None,
            kinetics_finding=course,
            watch=watch_of((antigen,), form, batch, ground),
        ),
    )
    findings = (*needed_binder(antigen), *findings_of((antigen,), form, batch, ground))
    return Completed(design, Assessment(design.design_id, findings), batch.designs)
