"""Rules on an edit set as a whole: what its breaks risk, and whether it does what the product needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from revertant import knowledge
from revertant.genome import GeneModels
from revertant.knowledge import MultiplexFact, RiskFact, multiplex_facts
from revertant.modality.car_t.edits.hla import HLA_LOCI
from revertant.modality.car_t.edits.wishes import EditRequest
from revertant.model import CellEdit, CellSource, EditMethod, EditPurpose, EditSet, Finding, Status

__all__ = ["edit_findings"]

_TRANSLOCATION = "dsb_translocation"
#: What takes each class of HLA from a cell, and which of the patient's T cells see that class.
_HLA_GENES = (("B2M", "CD8", "I"), ("CIITA", "CD4", "II"))


def edit_findings(
    request: EditRequest, made: EditSet, models: GeneModels | None = None
) -> tuple[Finding, ...]:
    """Apply every rule to an edit set.

    Parameters
    ----------
    request
        What the product is to be.
    made
        The set.
    models
        The gene models, to tell whether a gene that is like another is in the reference.
    """
    return (
        *_double_strand_breaks(made),
        *_base_editing(request, made),
        *_guide_exchange(made),
        *_two_copies(made, models),
        *_both_alleles(made),
        *_needed(made),
        _graft_versus_host(made),
        _host_versus_graft(made),
        _matching(request, made),
        *(_fratricide(antigen, made) for antigen in dict.fromkeys(request.antigens)),
        *_lymphodepletion(request, made),
    )


def _double_strand_breaks(made: EditSet) -> Iterator[Finding]:
    rule = "edits.double_strand_breaks"
    if not made.edits:
        yield Finding(rule, Status.NOT_APPLICABLE, "No gene of these cells is edited.")
        return
    number, pairs = made.breaks, made.breaks * (made.breaks - 1) // 2
    open_ones = [edit.gene for edit in made.edits if edit.chosen is None]
    # A guide that is yet to be found may cut as well.
    least = "at least " if open_ones else ""
    value = (
        f"{least}{number} {'break' if number == 1 else 'breaks'}, {pairs} {'pair' if pairs == 1 else 'pairs'}"
    )
    risk = next(row for row in knowledge.risks("double_strand_break") if row.key == _TRANSLOCATION)
    facts: list[RiskFact | MultiplexFact] = [risk, *multiplex_facts("cuts")]
    sources = tuple(dict.fromkeys(source for fact in facts for source in fact.sources))
    checked = all(fact.checked for fact in facts)
    if number > 1:
        told = " ".join(fact.statement for fact in facts)
        text = (
            f"{least}{number} breaks are made on purpose in one cell, so {pairs} {'pair' if pairs == 1 else 'pairs'} "
            f"of them can be joined, in four ways each; every pair needs its assay. {told}"
        )
        yield Finding(
            rule, Status.CAUTION, text[0].upper() + text[1:], value, "at most 1 break", sources, checked
        )
    elif open_ones:
        text = f"How many breaks there will be is not known: no guide yet for {', '.join(open_ones)}."
        yield Finding(rule, Status.UNKNOWN, text, value, "at most 1 break", sources, checked)
    else:
        text = (
            "At most one break is made on purpose, so no two of them can be joined; off-target cuts can still join it."
            if number
            else "No break is made on purpose, so none can be joined."
        )
        yield Finding(rule, Status.PASS, text, value, "at most 1 break", sources, checked)


def _base_editing(request: EditRequest, made: EditSet) -> Iterator[Finding]:
    """Set base editing beside cuts."""
    knocked_out = [
        edit for edit in made.edits if edit.chosen and edit.chosen.method is not EditMethod.KNOCK_IN
    ]
    if not knocked_out:
        return
    rule = "edits.base_editing"
    facts = multiplex_facts("base_editing")
    told = " ".join(fact.statement for fact in facts)
    sources = tuple(dict.fromkeys(source for fact in facts for source in fact.sources))
    checked = all(fact.checked for fact in facts)
    cut = [edit for edit in knocked_out if edit.chosen and edit.chosen.method is not EditMethod.BASE_EDITING]
    spared = [edit.gene for edit in cut if edit.by(EditMethod.BASE_EDITING) is not None]
    instead = made.nuclease_breaks
    beside = (
        f" Cutting every gene instead would make {instead} {'break' if instead == 1 else 'breaks'} and "
        f"{instead * (instead - 1) // 2} {'pair' if instead * (instead - 1) // 2 == 1 else 'pairs'}."
        if instead is not None
        else ""
    )
    if cut:
        names = f"{', '.join(edit.gene for edit in cut)} {'is' if len(cut) == 1 else 'are'} cut"
        why = (
            f"cuts were asked for, and a base editor, which makes no break, was found for {', '.join(spared)}"
            if request.first is EditMethod.NUCLEASE and spared
            else "no base editor was found there in this reference, and one would make no break"
        )
        text = f"{names}: {why}.{beside} {told}"
        yield Finding(rule, Status.CAUTION, text, f"{len(cut)} cut", "0 cut", sources, checked)
    else:
        text = f"Every knock-out that has a guide is made by base editing.{beside} {told}"
        yield Finding(rule, Status.PASS, text, "0 cut", "0 cut", sources, checked)


def _guide_exchange(made: EditSet) -> Iterator[Finding]:
    """A guide of the knock-in can meet the base editor, and the other way round, where both are of one kind."""
    inserted = [
        edit.chosen for edit in made.edits if edit.chosen and edit.chosen.method is EditMethod.KNOCK_IN
    ]
    edited = [
        edit.chosen for edit in made.edits if edit.chosen and edit.chosen.method is EditMethod.BASE_EDITING
    ]
    if not inserted or not edited:
        return
    families = [
        {nuclease.family for option in options if (nuclease := knowledge.nuclease_behind(option.effector))}
        for options in (inserted, edited)
    ]
    facts = multiplex_facts("knock_in")
    sources = tuple(dict.fromkeys(source for fact in facts for source in fact.sources))
    told = " ".join(fact.statement for fact in facts)
    shared = families[0] & families[1]
    status = Status.CAUTION if shared else Status.PASS
    text = (
        f"Knock-in and base editing both use {', '.join(sorted(shared)).capitalize()}, so they can take each other's "
        "guides."
        if shared
        else "Knock-in and base editing use nucleases of different kinds, so they cannot take each other's guides."
    )
    yield Finding("edits.guide_exchange", status, f"{text} {told}", sources=sources)


def _two_copies(made: EditSet, models: GeneModels | None) -> Iterator[Finding]:
    rule = "edits.two_copies"
    for edit in made.edits:
        like = knowledge.car_edits()[edit.gene].copies
        sources = knowledge.car_edits()[edit.gene].sources
        option = edit.chosen
        if option is not None and len(option.copies) > 1:
            places = ", ".join(str(locus) for locus in option.copies)
            breaks = (
                f" It makes {option.breaks} breaks, which can be joined to each other."
                if option.breaks
                else ""
            )
            text = f"The guide for {edit.gene} fits {len(option.copies)} places letter by letter ({places}).{breaks}"
            yield Finding(
                rule, Status.CAUTION, text, f"{len(option.copies)} places", "1 place", sources, edit.checked
            )
        elif like:
            held = [gene for gene in like if models is not None and models.of_gene(gene)]
            if held and option is not None:
                text = f"The guide for {edit.gene} does not fit {', '.join(held)}, which is there too."
                yield Finding(rule, Status.PASS, text, "1 place", "1 place", sources, edit.checked)
            elif not held:
                text = (
                    f"{' and '.join(like)} is like {edit.gene} and is not in this reference, so it is not known "
                    "whether the guide cuts there too."
                )
                yield Finding(rule, Status.UNKNOWN, text, "", "1 place", sources, edit.checked)


def _both_alleles(made: EditSet) -> Iterator[Finding]:
    """A guide that one copy of the person lacks leaves that copy whole."""
    for edit in made.edits:
        option = edit.chosen
        if option is None:
            continue
        if not option.on_every_copy:
            text = (
                f"Not every copy of {edit.gene} that these cells may carry has the guide's letters and PAM, so a copy "
                "stays whole. Name another nuclease or editor, or phase the variants there."
            )
            yield Finding("edits.every_copy", Status.FAIL, text, edit.gene, "every copy")


def _needed(made: EditSet) -> Iterator[Finding]:
    for edit in made.edits:
        if edit.needs:
            text = f"{edit.needs[0].upper()}{edit.needs[1:]}."
            yield Finding("edits.in_reference", Status.UNKNOWN, text, edit.gene)


def _genes(edits: Iterable[CellEdit]) -> set[str]:
    return {edit.gene for edit in edits}


def _edited(made: EditSet, *genes: str) -> list[CellEdit]:
    return [edit for edit in made.edits if edit.gene in genes]


def _status(edits: list[CellEdit]) -> Status:
    return Status.PASS if all(edit.chosen is not None for edit in edits) else Status.UNKNOWN


def _graft_versus_host(made: EditSet) -> Finding:
    rule = "edits.graft_versus_host"
    if made.cells is CellSource.AUTOLOGOUS:
        return Finding(
            rule, Status.NOT_APPLICABLE, "The patient's own cells do not attack the patient as foreign."
        )
    for genes in (("TRAC",), ("TRBC1", "TRBC2")):
        edits = _edited(made, *genes)
        if len(edits) == len(genes):
            sources = tuple(dict.fromkeys(source for edit in edits for source in edit.sources))
            status = _status(edits)
            text = f"{' and '.join(genes)} {'is' if len(genes) == 1 else 'are'} to be removed. {edits[0].because}"
            if status is Status.UNKNOWN:
                text += " No guide could be made yet."
            text += " Cells that kept their receptor have to be removed, and what is left of them measured."
            return Finding(rule, status, text, sources=sources, checked=all(edit.checked for edit in edits))
    text = "Cells of a donor keep their T-cell receptor here, and can attack the patient (graft-versus-host disease)."
    return Finding(rule, Status.FAIL, text, threshold="TRAC, or TRBC1 and TRBC2, removed")


def _host_versus_graft(made: EditSet) -> Finding:
    rule = "edits.host_versus_graft"
    if made.cells is CellSource.AUTOLOGOUS:
        return Finding(rule, Status.NOT_APPLICABLE, "The patient's own cells are not rejected as foreign.")
    edits = [edit for edit in made.edits if EditPurpose.HOST_VERSUS_GRAFT in edit.purposes]
    facts = multiplex_facts("host")
    sources = tuple(dict.fromkeys(source for fact in facts for source in fact.sources))
    if not edits:
        text = "HLA stays on the cells: without a match the patient's T cells reject them."
        return Finding(rule, Status.CAUTION, text, sources=sources)
    names = " and ".join(edit.gene for edit in edits)
    told = " ".join(fact.statement for fact in facts)
    status = Status.CAUTION if _status(edits) is Status.PASS else Status.UNKNOWN
    left = [
        f"{cells} T cells by HLA class {number}"
        for gene, cells, number in _HLA_GENES
        if gene not in _genes(edits)
    ]
    text = (
        f"{names} is to be removed, and the patient's {left[0]} can still reject the cells."
        if left
        else f"{names} are to be removed, so T cells do not see the graft as foreign; NK cells may. {told}"
    )
    if status is Status.UNKNOWN:
        text += " Not every guide could be made yet."
    return Finding(rule, status, text, sources=sources, checked=all(edit.checked for edit in edits))


def _matching(request: EditRequest, made: EditSet) -> Finding:
    rule = "edits.hla_match"
    if made.cells is CellSource.AUTOLOGOUS:
        return Finding(rule, Status.NOT_APPLICABLE, "The patient's own cells match.")
    counted = [locus for locus in made.hla if locus.shared is not None]
    if not counted:
        missing = [
            who
            for who, alleles in (("patient", request.patient_hla), ("donor", request.donor_hla))
            if not alleles
        ]
        who = " and ".join(missing)
        text = (
            f"No HLA type of {who} is stated."
            if missing
            else "At no locus are both alleles of both persons stated."
        )
        return Finding(rule, Status.UNKNOWN, text)
    shared = sum(locus.shared or 0 for locus in counted)
    value = ", ".join(f"{locus.locus} {locus.shared}/2" for locus in counted)
    typed = {locus.locus for locus in counted}
    left = [name for name in HLA_LOCI if name not in typed]
    text = f"Donor and patient share {shared} of {2 * len(counted)} alleles, to the resolution both are typed at."
    if left:
        text += f" Not compared, for want of both alleles of both: {', '.join(left)}."
    status = Status.CAUTION if shared < 2 * len(counted) else Status.UNKNOWN if left else Status.PASS
    return Finding(rule, status, text, value, f"{2 * len(counted)} shared")


def _fratricide(antigen: str, made: EditSet) -> Finding:
    rule = "edits.fratricide"
    row = knowledge.car_edits().get(antigen)
    if row is None or EditPurpose.FRATRICIDE not in row.purposes:
        return _not_in_the_catalogue(antigen)
    edits = _edited(made, antigen)
    status = _status(edits) if edits else Status.FAIL
    text = f"{row.reason} {row.caution}".strip()
    if not edits:
        text += f" {antigen} is not removed here."
    elif status is Status.UNKNOWN:
        text += " No guide could be made yet."
    elif row.caution:
        status = Status.CAUTION
    return Finding(rule, status, text, antigen, f"{antigen} removed", row.sources, row.checked)


def _not_in_the_catalogue(antigen: str) -> Finding:
    """What the catalogue of antigens says of one that is not among the genes edited against fratricide."""
    rule = "edits.fratricide"
    known = knowledge.antigen_named(antigen)
    if known is None:
        text = f"No catalogue says whether T cells carry {antigen}; measure it on activated T cells."
        return Finding(rule, Status.UNKNOWN, text, antigen)
    if known.on_t_cells:
        text = (
            f"T cells carry {antigen}, some only when they are activated, so the cells can kill each other; removing "
            "it from them is not in the catalogue."
        )
        return Finding(
            rule, Status.CAUTION, text, antigen, f"{antigen} removed", known.sources, known.checked
        )
    text = f"The catalogue of antigens does not have {antigen} on T cells, so nothing is removed against fratricide."
    return Finding(rule, Status.PASS, text, antigen, "", known.sources, checked=False)


def _lymphodepletion(request: EditRequest, made: EditSet) -> Iterator[Finding]:
    if not request.alemtuzumab:
        return
    row = knowledge.car_edits()["CD52"]
    edits = _edited(made, row.key)
    status = _status(edits) if edits else Status.FAIL
    yield Finding(
        "edits.lymphodepletion", status, row.reason, "alemtuzumab", "CD52 removed", row.sources, row.checked
    )
