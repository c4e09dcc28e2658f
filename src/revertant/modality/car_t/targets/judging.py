"""The other questions put to a target: whether it is on the surface, on all of the tumour, and will stay there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from revertant.knowledge import GeneList
from revertant.knowledge.antigens import Antigen
from revertant.modality.car_t.targets.clusters import ClusterTable
from revertant.model import AlleleOrigin, Consequence, ConsequenceTerm, Finding, Status, Zygosity

__all__ = [
    "AntigenVariant",
    "clinical_finding",
    "expression_finding",
    "form_findings",
    "fratricide_finding",
    "homogeneity_finding",
    "loss_finding",
    "shed_finding",
    "surface_finding",
    "variant_findings",
]

_SURFY, _CSPA = "doi:10.1073/pnas.1808790115", "doi:10.1371/journal.pone.0121314"
#: Where the level from which a gene counts as expressed comes from.
DETECTION_SOURCE = "url:https://www.proteinatlas.org/about/assays+annotation"


#: What a copy without whole protein means. That the tumour lost one is selection at work; where only one of two copies
#: of the person is lost, the other still gives the antigen.
_LOST = {
    AlleleOrigin.TUMOUR: Status.FAIL,
    AlleleOrigin.GERMLINE: Status.CAUTION,
    AlleleOrigin.UNKNOWN: Status.UNKNOWN,
}


@dataclass(frozen=True, slots=True)
class AntigenVariant:
    """A variant of the person or the tumour in the gene of an antigen.

    Parameters
    ----------
    symbol
        The gene.
    origin
        Whose it is.
    consequence
        What it does to the transcript; ``None`` where that could not be worked out.
    name
        How it is written, where the consequence has no better name.
    because
        Why the consequence is not known.
    zygosity
        How many copies have it: where all have, no antigen is left.
    """

    symbol: str
    origin: AlleleOrigin
    consequence: Consequence | None
    name: str = ""
    because: str = ""
    zygosity: Zygosity = Zygosity.UNKNOWN


def surface_finding(gene: str, antigen: Antigen | None, surfaceome: GeneList | None) -> Finding:
    """Say whether the protein is known to be on the surface of cells.

    Examples
    --------
    >>> from revertant.knowledge.antigens import antigen_named
    >>> surface_finding("CD19", antigen_named("CD19"), None).status.value
    'pass'
    >>> surface_finding("GAPDH", None, None).status.value
    'unknown'
    """
    rule = "car_t.target.surface"
    if antigen is not None:
        lists = ["the in silico surfaceome"] if antigen.surfaceome else []
        if antigen.cell_surface_capture:
            lists.append(f"the Cell Surface Protein Atlas ({antigen.cell_surface_capture})")
        on = f" It is on {' and '.join(lists)}." if lists else ""
        text = f"Binders of it were given to people ({antigen.furthest.name}, {antigen.furthest.stage}).{on}"
        sources = (antigen.furthest.source, *((_SURFY, _CSPA) if lists else ()))
        return Finding(rule, Status.PASS, text, sources=sources, checked=antigen.furthest.checked)
    if surfaceome is None:
        return Finding(rule, Status.UNKNOWN, "No list of surface proteins was given.")
    if gene in surfaceome:
        text = f"It is on {surfaceome.title}; whether a binder reaches it on living cells has to be shown."
        return Finding(rule, Status.PASS, text, sources=surfaceome.sources)
    return Finding(rule, Status.FAIL, f"It is not on {surfaceome.title}.", sources=surfaceome.sources)


def expression_finding(
    levels: Sequence[float] | None, level: float | None, antigen: Antigen | None, expressed: float
) -> Finding:
    """Say whether the tumour expresses it.

    Examples
    --------
    >>> expression_finding((120.0, 80.0), 100.0, None, 1.0).status.value
    'pass'
    """
    rule = "car_t.target.expression"
    if antigen is not None and antigen.not_by_expression:
        return Finding(rule, Status.UNKNOWN, antigen.not_by_expression)
    if levels is None or level is None:
        return Finding(rule, Status.UNKNOWN, "It was not measured in the tumour.")
    value, threshold = f"{level:g} per million", f"at least {expressed:g} per million"
    sources = (DETECTION_SOURCE,)
    if level < expressed:
        text = "The tumour does not express it."
        return Finding(rule, Status.FAIL, text, value, threshold, sources, checked=False)
    low = sum(one < expressed for one in levels)
    if low:
        text = f"{low} of {len(levels)} tumour samples do not express it."
        return Finding(rule, Status.CAUTION, text, value, threshold, sources, checked=False)
    text = "The tumour expresses it. How many molecules are on a cell has to be counted on the cells."
    return Finding(rule, Status.PASS, text, value, threshold, sources, checked=False)


def homogeneity_finding(clusters: ClusterTable | None, gene: str, least_share: float) -> Finding:
    """Say which share of the malignant cells carries it.

    Examples
    --------
    >>> homogeneity_finding(None, "CD19", 0.8).status.value
    'unknown'
    """
    rule = "car_t.target.homogeneity"
    share = None if clusters is None else clusters.malignant_share(gene)
    if clusters is None or share is None:
        text = (
            "A bulk sample does not tell how many malignant cells carry it: cells without it survive."
            if clusters is None
            else "It was not measured in malignant cells."
        )
        return Finding(rule, Status.UNKNOWN, text)
    low = min((one for one in clusters.of(gene) if one.group == "malignant"), key=lambda one: one.share)
    text = f"Share of malignant cells in which it was found, a lower bound; least in {low.cluster} ({low.share:.0%})."
    status = (
        Status.PASS if low.share >= least_share else Status.CAUTION if share >= least_share else Status.FAIL
    )
    return Finding(rule, status, text, f"{share:.0%}", f"at least {least_share:.0%}")


def loss_finding(antigen: Antigen | None) -> Finding:
    """Say how tumours have escaped by losing it."""
    rule = "car_t.target.loss"
    if antigen is None or not antigen.losses:
        return Finding(
            rule, Status.UNKNOWN, "How tumours escape by losing it is not recorded in the catalogue."
        )
    text = " ".join(fact.what for fact in antigen.losses)
    sources = tuple(fact.source for fact in antigen.losses)
    return Finding(rule, Status.CAUTION, text, "", "", sources, all(fact.checked for fact in antigen.losses))


def shed_finding(antigen: Antigen | None) -> Finding:
    """Say whether a soluble form can take up the receptor."""
    rule = "car_t.target.shed"
    if antigen is None or antigen.shed is None:
        return Finding(rule, Status.UNKNOWN, "Whether it is shed is not recorded in the catalogue.")
    text = f"{antigen.shed.what} Soluble antigen can occupy receptors."
    return Finding(rule, Status.CAUTION, text, "", "", (antigen.shed.source,), antigen.shed.checked)


def clinical_finding(antigen: Antigen | None) -> Finding:
    """Say how far therapies against it came."""
    rule = "car_t.target.record"
    if antigen is None:
        return Finding(rule, Status.UNKNOWN, "The catalogue knows no therapy against it.")
    told = [
        f"{one.name} ({one.kind}, {one.stage}, {one.disease}): harm to normal tissue {one.toxicity}."
        + (f" {one.what}" if one.what else "")
        for one in antigen.clinical
    ]
    cells = [one for one in antigen.clinical if one.kind == "CAR-T" and one.stage == "approved"]
    status = Status.PASS if cells else Status.CAUTION
    sources = tuple(dict.fromkeys(one.source for one in antigen.clinical))
    checked = all(one.checked for one in antigen.clinical)
    return Finding(rule, status, " ".join(told), antigen.furthest.stage, "", sources, checked)


def fratricide_finding(antigen: Antigen | None) -> Finding:
    """Say whether the treated T cells carry it themselves."""
    rule = "car_t.target.fratricide"
    if antigen is None:
        return Finding(rule, Status.UNKNOWN, "Whether T cells carry it is not recorded in the catalogue.")
    if not antigen.on_t_cells:
        return Finding(rule, Status.PASS, "The catalogue does not have it on T cells.", checked=False)
    text = "T cells carry it: the treated cells kill each other unless it is knocked out in them."
    sources = tuple(tissue.source for tissue in antigen.normal if tissue.organ == "blood")
    return Finding(rule, Status.CAUTION, text, "", "", sources, checked=False)


def form_findings(antigen: Antigen | None) -> Iterator[Finding]:
    """Say which forms of it a receptor may miss or must not bind."""
    for form in antigen.forms if antigen else ():
        text = f"Form {form.name}: {form.what} Look for it in the tumour's messages."
        yield Finding("car_t.target.form", Status.CAUTION, text, "", "", (form.source,), form.checked)


def _copies(zygosity: Zygosity) -> str:
    words = {Zygosity.HETEROZYGOUS: " on one copy", Zygosity.HOMOZYGOUS: " on both copies"}
    return words.get(zygosity, "")


def variant_findings(
    variants: Sequence[AntigenVariant], gene: str, antigen: Antigen | None
) -> Iterator[Finding]:
    """Judge the person's and the tumour's own variants in the antigen.

    A variant of the tumour that takes the protein away fails; one that changes it may change what the binder binds.
    Where a known form leaves out the exon, that is said.
    """
    rule = "car_t.target.variant"
    for variant in (one for one in variants if one.symbol == gene):
        consequence = variant.consequence
        origin = "" if variant.origin is AlleleOrigin.UNKNOWN else f"{variant.origin} "
        if consequence is None:
            text = f"{origin}{variant.name}: what it does to the protein is not known. {variant.because}"
            yield Finding(rule, Status.UNKNOWN, text.strip(), variant.name)
            continue
        written = consequence.hgvs_p or consequence.hgvs_c or variant.name or consequence.worst.value
        named = f"{origin}{written}"
        exon = f"exon {consequence.exon}" if consequence.exon is not None else ""
        hit = [form for form in (antigen.forms if antigen else ()) if exon and form.name == f"without {exon}"]
        tail = f" {exon.capitalize()} is left out of a known form of it: {hit[0].what}" if hit else ""
        sources = tuple(form.source for form in hit)
        if consequence.is_truncating:
            if variant.zygosity in {Zygosity.HOMOZYGOUS, Zygosity.HEMIZYGOUS}:
                text = f"{named}: no copy gives a whole protein, so the cells escape.{tail}"
                yield Finding(rule, Status.FAIL, text, named, "", sources)
                continue
            text = f"{named}: this copy gives no whole protein. Cells with no other copy escape.{tail}"
            status = _LOST[variant.origin]
            if variant.origin is AlleleOrigin.UNKNOWN:
                text += " Whether the tumour alone has it is not stated."
        elif consequence.changes_protein:
            text = (
                f"{named}: residues are changed{_copies(variant.zygosity)}. Test that the binder binds the changed "
                f"protein: where on it the binder sits, and whether that is outside the cell, is not held here.{tail}"
            )
            status = Status.CAUTION
        elif consequence.worst is ConsequenceTerm.SPLICE_REGION:
            text = f"{named}: it lies beside a splice site, and what it does to the message is not judged here.{tail}"
            status = Status.UNKNOWN
        else:
            text = f"{named}: the protein is not changed; what it does to splicing is not judged here.{tail}"
            status = Status.UNKNOWN if hit else Status.PASS
        yield Finding(rule, status, text, named, "", sources)
