"""The rules a receptor must answer, before any cell carries it."""

from __future__ import annotations

import re
from collections.abc import Callable

from revertant.knowledge import CarRole, car_architectures, car_binders
from revertant.modality.car_t.receptor.precedents import nearest_product, same_protein
from revertant.modality.car_t.receptor.receptor import Receptor, Segment
from revertant.model import Finding, Status

__all__ = ["receptor_findings"]

#: First residues of CH2 of human IgG: it binds Fc receptors.
_CH2 = re.compile(r"GGPSVFLFPP")
#: An immunoreceptor tyrosine-based activation motif.
_ITAM = re.compile(r"(?=(Y..[LI].{6,8}Y..[LI]))")
_ITAMS_OF_ZETA = 3
_GLYCOSYLATION = re.compile(r"(?=N[^P][ST])")
#: A hinge of fewer residues counts as short: the IgG4 hinge of Breyanzi has 12, those of other products 39 and more.
_SHORT_HINGE_AA = 20

#: A spacer of IgG4 hinge, CH2 and CH3 bound Fc receptors and cost the cells their effect in mice; without Fc binding it
#: came back (abstract read).
_SPACER = ("doi:10.1158/2326-6066.CIR-14-0127",)
#: ROR1: hinge alone lysed better than hinge, CH2 and CH3 (abstract read). CD22: m971 binds next to the membrane, and a
#: longer spacer had no effect (abstract read).
_HINGE = ("pmcid:PMC3804130", "doi:10.1182/blood-2012-06-438002")
#: Instability of the single-chain fragment makes receptors cluster and signal (abstract read).
_TONIC = ("doi:10.1158/2326-6066.CIR-20-0451",)
#: 4-1BB instead of CD28 lessened exhaustion by such signals (a summary was read, not the paper).
_LONG = "doi:10.1038/nm.3838"
#: Antibodies and T cells against non-human variable domains clear the cells (abstract read).
_IMMUNITY = ("doi:10.3389/fimmu.2022.886546",)


def receptor_findings(receptor: Receptor) -> tuple[Finding, ...]:
    """Apply every rule of the receptor itself.

    Parameters
    ----------
    receptor
        The receptor.

    Returns
    -------
    tuple[Finding, ...]
        What it is made of, whether it was tried in people, hinge, signals without antigen, immunity, signalling motifs,
        switch and repeats of its peptides.

    Examples
    --------
    >>> from revertant.modality.car_t import product_receptor
    >>> found = {one.rule: one.status.value for one in receptor_findings(product_receptor("tisagenlecleucel"))}
    >>> found["receptor.precedent"], found["receptor.origin"], found["receptor.switch"]
    ('pass', 'caution', 'caution')
    """
    rules: tuple[Callable[[Receptor], Finding], ...] = (
        _parts,
        _precedent,
        _hinge,
        _fc_binding,
        _tonic,
        _cysteines,
        _origin,
        _motifs,
        _switch,
        _armour,
        _repeated_peptides,
    )
    return tuple(rule(receptor) for rule in rules)


def _parts(receptor: Receptor) -> Finding:
    rule = "receptor.parts"
    unchecked = list(dict.fromkeys(s.part.name for s in receptor.segments if not s.part.checked))
    value = f"{len(receptor.segments)} parts, {len(receptor.protein)} residues"
    sources = tuple(dict.fromkeys(source for s in receptor.segments for source in s.part.sources))
    if unchecked:
        text = f"The residues of {', '.join(unchecked)} were not compared with a second record: do so before ordering."
        return Finding(rule, Status.CAUTION, text, value, sources=sources, checked=False)
    return Finding(
        rule, Status.PASS, "Every part agrees with a second public record.", value, sources=sources
    )


def _precedent(receptor: Receptor) -> Finding:
    rule = "receptor.precedent"
    found = nearest_product(receptor)
    if found is None:
        antigens = " and ".join(receptor.antigens)
        text = f"No approved product binds {antigens}: none speaks for this receptor in people."
        return Finding(rule, Status.UNKNOWN, text)
    row, differing = found
    if same_protein(receptor, row):
        status = Status.PASS if row.of_product else Status.UNKNOWN
        text = f"Residue by residue this is the receptor of {row.name} ({row.record}). {row.note}".strip()
        return Finding(rule, status, text, row.name, sources=row.sources, checked=row.checked)
    text = f"The nearest product is {row.name}; what differs was not tried in people there."
    return Finding(
        rule,
        Status.UNKNOWN,
        text,
        "; ".join(differing) or "other residues",
        row.name,
        row.sources,
        row.checked,
    )


def _hinge(receptor: Receptor) -> Finding:
    rule = "receptor.hinge"
    (hinge,) = receptor.of_role(CarRole.HINGE)
    length = len(hinge.part.protein)
    value = f"{hinge.part.name}"
    pairs = [
        row.name
        for row in car_architectures().values()
        if row.products and row.binder in receptor.binders and hinge.part.key in row.parts
    ]
    if pairs and len(receptor.binders) == 1:
        text = f"{' and '.join(pairs)} pair{'s' if len(pairs) == 1 else ''} this binder with this hinge."
        return Finding(rule, Status.PASS, text, value)
    known = car_binders()
    proximal = [key for key in receptor.binders if key in known and known[key].epitope == "membrane-proximal"]
    distal = [key for key in receptor.binders if key in known and known[key].epitope == "membrane-distal"]
    if proximal and length < _SHORT_HINGE_AA:
        text = (
            f"{known[proximal[0]].name} binds next to the membrane of the target cell, and the hinge is short: the two "
            "cells may not come near enough. Try a longer one beside it."
        )
        return Finding(rule, Status.CAUTION, text, value, f"{_SHORT_HINGE_AA} residues", _HINGE)
    if distal and length >= _SHORT_HINGE_AA:
        text = (
            f"{known[distal[0]].name} binds far from the membrane of the target cell, and the hinge is long: the "
            "cells may "
            "stand too far apart. Try a shorter one beside it."
        )
        return Finding(rule, Status.CAUTION, text, value, f"{_SHORT_HINGE_AA} residues", _HINGE)
    text = (
        "Whether this hinge fits the distance of the epitope from the membrane is not known: a short one was better "
        "against ROR1, a longer one changed nothing against CD22. Compare a short and a long one in cells."
    )
    return Finding(rule, Status.UNKNOWN, text, value, sources=_HINGE)


def _fc_binding(receptor: Receptor) -> Finding:
    rule = "receptor.fc_binding"
    (hinge,) = receptor.of_role(CarRole.HINGE)
    if _CH2.search(hinge.part.protein):
        text = (
            "The hinge holds CH2 of an IgG, which binds Fc receptors: cells with it were activated by myeloid "
            "cells and lost "
            "in mice. Take the hinge alone, or residues changed so that Fc receptors no longer bind."
        )
        return Finding(rule, Status.FAIL, text, hinge.part.name, "no CH2 that binds Fc receptors", _SPACER)
    text = "The hinge holds no CH2 of an IgG, which would bind Fc receptors."
    return Finding(rule, Status.PASS, text, hinge.part.name, "no CH2 that binds Fc receptors", _SPACER)


def _tonic(receptor: Receptor) -> Finding:
    """What is known of signals without antigen; nothing in a sequence foresees them well enough to pass."""
    rule = "receptor.tonic_signalling"
    known = car_binders()
    seen = [known[key].tonic if key in known else "unknown" for key in receptor.binders]
    costimulation = [segment.part.key for segment in receptor.of_role(CarRole.COSTIMULATORY)]
    calmer = (
        " CD28 makes such signals worse than 4-1BB does."
        if "cd28_icd" in costimulation and "seen" in seen
        else ""
    )
    value = ", ".join(
        f"{known[key].name if key in known else key}: {one}"
        for key, one in zip(receptor.binders, seen, strict=True)
    )
    sources = (*_TONIC, _LONG)
    if "seen" in seen:
        text = f"A receptor of this binder signals without antigen, which exhausts the cells.{calmer}"
        return Finding(rule, Status.CAUTION, text, value, sources=sources, checked=False)
    if set(seen) == {"not seen"} and len(seen) == 1:
        text = "A receptor of this binder was tested for signals without antigen, and had none."
        return Finding(rule, Status.PASS, text, value, sources=sources, checked=False)
    text = (
        "Whether this receptor signals without antigen is not known; unstable single-chain fragments do, and it "
        "exhausts "
        "the cells. Measure CD3ζ phosphorylation and exhaustion markers in unstimulated cells."
    )
    return Finding(rule, Status.UNKNOWN, text, value, sources=sources)


def _cysteines(receptor: Receptor) -> Finding:
    """Signs on the sequence of the binder: a cysteine without a partner, and sites of N-glycosylation."""
    rule = "receptor.binder_liabilities"
    signs = []
    for segment in receptor.of_role(CarRole.VARIABLE_DOMAIN):
        protein = segment.part.protein
        if protein.count("C") % 2:
            signs.append(f"{segment.part.name}: {protein.count('C')} cysteines, one without a partner")
        if sites := [str(match.start() + 1) for match in _GLYCOSYLATION.finditer(protein)]:
            signs.append(
                f"{segment.part.name}: N-glycosylation site at residue {', '.join(sites)} of the domain"
            )
    if signs:
        text = "Signs on the binder that can change how it folds or binds; look at them on the structure."
        return Finding(rule, Status.CAUTION, text, "; ".join(signs))
    text = "The variable domains have paired cysteines and no site of N-glycosylation."
    return Finding(rule, Status.PASS, text)


def _origin(receptor: Receptor) -> Finding:
    rule = "receptor.origin"
    foreign = [s for s in receptor.segments if s.part.origin in {"mouse", "camelid", "virus"}]
    value = "; ".join(
        f"{s.part.name}: {s.part.origin}, {len(s.part.protein)} residues" for s in _once(foreign)
    )
    threshold = "human residues"
    if foreign:
        total = sum(len(segment.part.protein) for segment in foreign)
        text = (
            f"{total} residues are not human: antibodies and T cells against them can clear the cells, above all "
            "after a "
            "second infusion."
        )
        return Finding(rule, Status.CAUTION, text, value, threshold, _IMMUNITY)
    text = (
        "Every domain is of a human protein. The joints between parts are in no human protein all the same."
    )
    return Finding(rule, Status.PASS, text, "", threshold, _IMMUNITY)


def _once(segments: list[Segment]) -> list[Segment]:
    return list({segment.part.key: segment for segment in segments}.values())


def _motifs(receptor: Receptor) -> Finding:
    rule, threshold = "receptor.signalling_motifs", f"{_ITAMS_OF_ZETA} motifs"
    (zeta,) = receptor.of_role(CarRole.ACTIVATION)
    found = len(_ITAM.findall(zeta.part.protein))
    value = f"{found} motifs in {zeta.part.name}"
    if found == _ITAMS_OF_ZETA:
        return Finding(
            rule, Status.PASS, "The signalling motifs (ITAMs) of CD3ζ are whole.", value, threshold
        )
    text = "CD3ζ has another number of signalling motifs (ITAMs) than the wild type's: signals will differ."
    return Finding(rule, Status.CAUTION, text, value, threshold)


def _switch(receptor: Receptor) -> Finding:
    rule = "receptor.switch"
    switches = receptor.of_role(CarRole.SWITCH)
    if not switches:
        text = "The cells carry no switch: what they do cannot be ended but by drugs that harm all T cells."
        return Finding(rule, Status.CAUTION, text)
    part = switches[0].part
    text = f"{part.action.capitalize()} removes the cells: have it at hand before they are given. {part.note}"
    return Finding(rule, Status.PASS, text.strip(), part.name, sources=part.sources, checked=part.checked)


def _armour(receptor: Receptor) -> Finding:
    rule = "receptor.armour"
    armour = receptor.of_role(CarRole.ARMOUR)
    if not armour:
        return Finding(rule, Status.NOT_APPLICABLE, "The receptor carries no armour.")
    text = (
        "The armour is made whenever the receptor is, not only where the antigen is: no inducible promoter is held "
        "in the "
        "catalogue. A cytokine made everywhere can do harm."
    )
    return Finding(rule, Status.CAUTION, text, ", ".join(s.part.name for s in armour))


def _repeated_peptides(receptor: Receptor) -> Finding:
    """Peptides that stand twice: their codons must differ, or the vector loses what lies between."""
    rule = "receptor.repeated_peptides"
    keys = [segment.part.key for segment in receptor.segments]
    twice = {s.part.key: s.part.name for s in receptor.segments if keys.count(s.part.key) > 1}
    if not twice:
        return Finding(rule, Status.PASS, "No part stands twice on the chain.")
    text = (
        f"{', '.join(twice.values())} stands more than once. Written in the same codons it would recombine while "
        "the vector "
        "is copied; whether the codons differ enough is said by coding.repeats."
    )
    return Finding(rule, Status.CAUTION, text, ", ".join(twice))
