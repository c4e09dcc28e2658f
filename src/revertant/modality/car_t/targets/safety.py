"""What an attack on an antigen would do to normal tissue: from the catalogue, from normal samples, from single cells.

Bulk samples miss what matters most. A tissue in which one cell of a hundred carries an antigen looks empty, and the
lung that ERBB2-directed cells destroyed expresses little of it. So the catalogue is asked first, normal samples add to
it, and neither stands for the other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from revertant.knowledge.antigens import Antigen, NormalTissue
from revertant.knowledge.organs import Organ, organ_named, organs
from revertant.modality.car_t.targets.cells import MALIGNANT
from revertant.modality.car_t.targets.clusters import ClusterShare, ClusterTable
from revertant.modality.car_t.targets.expression import ExpressionTable
from revertant.model import Finding, Status

__all__ = ["OrganLevel", "catalogue_safety", "cell_safety", "contrast", "normal_levels", "sample_safety"]

_SEVERITIES = ("prohibitive", "serious", "manageable")
_EVIDENCE = ("toxicity", "protein", "RNA")
#: Organs in which cells of the blood lie among others, and such cells as rows of the catalogue and clusters name them.
_WITH_BLOOD_CELLS = ("blood", "bone marrow", "spleen", "lymphoid tissue")
_BLOOD_CELLS = ("B", "T", "NK", "plasma")


@dataclass(frozen=True, slots=True)
class OrganLevel:
    """Expression of one gene in normal samples of one organ.

    Parameters
    ----------
    organ
        The organ; what the samples were called where it is not known.
    essential
        Whether the person needs it; an organ that is not known counts as essential.
    samples
        How many samples there are.
    level
        Median level per million.
    """

    organ: str
    essential: bool
    samples: int
    level: float


def _status_of(tissue: NormalTissue) -> Status:
    """What one normal tissue means for the antigen as a single target."""
    if tissue.severity == "manageable":
        return Status.PASS
    if tissue.essential and tissue.severity == "prohibitive":
        # A message alone does not show that the protein is on the cell.
        return Status.CAUTION if tissue.evidence == "RNA" else Status.FAIL
    return Status.CAUTION


def _gravity(tissue: NormalTissue) -> tuple[int, bool, int, bool, int]:
    """Order of normal tissues, gravest first; of equals what was read in its source."""
    statuses = (Status.FAIL, Status.CAUTION, Status.PASS)
    return (
        statuses.index(_status_of(tissue)),
        not tissue.essential,
        _SEVERITIES.index(tissue.severity),
        not tissue.checked,
        _EVIDENCE.index(tissue.evidence),
    )


def catalogue_safety(antigen: Antigen | None, *, before_people: bool = False) -> Finding:
    """Judge an antigen by what is known of normal tissues, and name the worst organ.

    Cells that a person needs and whose attack was or would be prohibitive make it fail as a single target; what is
    serious is a caution; what can be borne or replaced passes. An antigen that is not in the catalogue is unknown.

    Parameters
    ----------
    antigen
        The antigen; ``None`` when the catalogue does not have it.
    before_people
        Whether to leave out what therapies against it did: what could have been known before.

    Examples
    --------
    >>> from revertant.knowledge.antigens import antigen_named
    >>> finding = catalogue_safety(antigen_named("CAIX"))
    >>> finding.status.value, finding.value
    ('fail', 'liver: bile duct epithelium')
    >>> catalogue_safety(None).status.value
    'unknown'
    """
    rule = "car_t.target.safety_known"
    tissues = (
        [tissue for tissue in antigen.normal if not before_people or tissue.evidence != "toxicity"]
        if antigen
        else []
    )
    if antigen is None or not tissues:
        text = "The catalogue has no normal tissue for this antigen: what an attack would do is not known."
        return Finding(rule, Status.UNKNOWN, text)
    ordered = sorted(tissues, key=_gravity)
    worst = ordered[0]
    status = _status_of(worst)
    said = {
        "toxicity": "was or is held to have been attacked",
        "protein": "carries the protein",
        "RNA": "has the message",
    }[worst.evidence]
    lead = {
        Status.FAIL: "Not as a single target.",
        Status.CAUTION: "To be weighed and watched.",
        Status.PASS: "Can be borne.",
    }[status]
    text = f"{lead} {worst.organ}: {worst.cells} ({said}). {worst.what}"
    others = [
        f"{tissue.organ} ({tissue.cells})" for tissue in ordered[1:] if _status_of(tissue) is not Status.PASS
    ]
    if others:
        text += f" Also {', '.join(others)}."
    sources = tuple(dict.fromkeys(tissue.source for tissue in ordered))
    return Finding(rule, status, text, f"{worst.organ}: {worst.cells}", "", sources, worst.checked)


def normal_levels(normals: ExpressionTable, gene: str) -> tuple[OrganLevel, ...] | None:
    """Return the level of a gene in each organ of normal samples, highest first; ``None`` when not measured.

    A sample belongs to the organ its name begins with, up to a colon (``"lung:3"``, ``"Brain - Cortex"``).
    """
    levels = normals.levels(gene)
    if levels is None:
        return None
    grouped: dict[str, list[float]] = {}
    kinds: dict[str, Organ | None] = {}
    for sample, level in zip(normals.samples, levels, strict=True):
        named = sample.partition(":")[0].strip()
        organ = organ_named(named)
        key = organ.name if organ else named
        kinds[key] = organ
        grouped.setdefault(key, []).append(level)
    found = [
        OrganLevel(key, organ.essential if organ else True, len(grouped[key]), median(grouped[key]))
        for key, organ in kinds.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.level, one.organ)))


def contrast(tumour: float, normal: float) -> float:
    """Return the log2 ratio of two levels per million, each with 1 added so that silence has a value.

    Examples
    --------
    >>> contrast(63, 0), contrast(0, 0)
    (6.0, 0.0)
    """
    return math.log2((tumour + 1) / (normal + 1))


def sample_safety(levels: Sequence[OrganLevel] | None, tumour: float | None, expressed: float) -> Finding:
    """Judge a gene by normal samples, and name the worst essential organ.

    Parameters
    ----------
    levels
        Level in each organ; ``None`` without normal samples, or where the gene was not measured in them.
    tumour
        Median level in the tumour; ``None`` when not measured.
    expressed
        Level from which a gene counts as expressed.

    Examples
    --------
    >>> sample_safety([OrganLevel("heart", True, 3, 55.0)], 40.0, 1.0).status.value
    'fail'
    >>> sample_safety(None, 40.0, 1.0).status.value
    'unknown'
    """
    rule = "car_t.target.normal_samples"
    if levels is None:
        text = "No normal samples were given, or the gene was not measured in them: nothing can be compared."
        return Finding(rule, Status.UNKNOWN, text)
    needed = [one for one in levels if one.essential]
    lacking = sorted(
        {organ.name for organ in organs().values() if organ.core} - {one.organ for one in levels}
    )
    if not needed:
        return Finding(
            rule, Status.UNKNOWN, f"No normal sample is of an essential organ ({', '.join(lacking)} lack)."
        )
    worst = needed[0]
    value, threshold = f"{worst.organ}: {worst.level:g} per million", f"below {expressed:g} per million"
    heard = f"The essential organ with the highest level is {worst.organ} ({worst.level:g} per million)"
    if organ_named(worst.organ) is None:
        heard = (
            f"No organ is known as {worst.organ!r}, so its samples count as of an essential one; of those it has the "
            f"highest level ({worst.level:g} per million)"
        )
    if tumour is not None and worst.level >= expressed and worst.level >= tumour:
        return Finding(rule, Status.FAIL, f"{heard}, no less than the tumour ({tumour:g}).", value, threshold)
    if worst.level >= expressed:
        text = (
            f"{heard}. T cells kill cells with few molecules: less than in the tumour is not safe in itself."
        )
        return Finding(rule, Status.CAUTION, text, value, threshold)
    if lacking:
        text = f"{heard}, but there is no sample of {', '.join(lacking)}."
        return Finding(rule, Status.UNKNOWN, text, value, threshold)
    text = f"{heard}. In whole tissue a rare kind of cell is not seen."
    return Finding(rule, Status.PASS, text, value, threshold)


def cell_safety(
    clusters: ClusterTable | None, gene: str, most_hit: float, antigen: Antigen | None = None
) -> Iterator[Finding]:
    """Judge a gene by normal clusters of single cells; nothing without them.

    The gravest cluster decides, not the one with the largest share. What the catalogue says of the very cells of a
    cluster (B cells, of CD19) goes before what is said of their organ as a whole.

    Parameters
    ----------
    clusters
        The clusters; ``None`` when none were given.
    gene
        The gene.
    most_hit
        Share of the cells of a cluster that may carry it.
    antigen
        Its row of the catalogue, if it has one.
    """
    if clusters is None:
        return
    rule = "car_t.target.normal_cells"
    normal = [one for one in clusters.of(gene) if one.group != MALIGNANT]
    if not normal:
        yield Finding(rule, Status.UNKNOWN, "It was not measured in any cluster of normal cells.")
        return
    judged = [(one, *_cluster_status(one, most_hit, antigen)) for one in normal]
    worst, status, why = min(
        judged, key=lambda item: (item[1].severity, -item[0].share, -item[0].cells, item[0].cluster)
    )
    above = sum(one.share > most_hit for one in normal)
    lead = "The normal cluster that carries it most is"
    if above > 1:
        lead = f"Of {above} normal clusters that carry it the gravest is"
    named = worst.cluster if worst.cluster == worst.group else f"{worst.cluster} ({worst.group})"
    text = f"{lead} {named}, of {worst.cells:,} cells. {why}"
    yield Finding(rule, status, text, f"{worst.group}: {worst.share:.1%}", f"at most {most_hit:.1%}")


def _cluster_status(one: ClusterShare, most_hit: float, antigen: Antigen | None) -> tuple[Status, str]:
    """What one normal cluster means for an antigen, and why."""
    if one.share <= most_hit:
        return Status.PASS, "Cells that carry the protein often show no message: the share is a lower bound."
    organ = organ_named(one.group)
    if organ is None:
        return Status.FAIL, "Whether the person needs these cells is not known."
    if not organ.essential:
        return Status.CAUTION, organ.why
    there = _blood_cells_in(organ, antigen)
    if not there:
        return Status.FAIL, organ.why
    known = f"The catalogue has {there[0].cells} there, and calls an attack on them {there[0].severity}"
    for tissue in there:
        if _are_cells(one.cluster, tissue):
            return Status.CAUTION, f"The catalogue calls an attack on them {tissue.severity}. {tissue.what}"
    if one.cluster == one.group or not any(letter.isalpha() for letter in one.cluster):
        return (
            Status.UNKNOWN,
            f"{known}; which of its cells carry it is not told. Name clusters by their cells.",
        )
    return Status.FAIL, f"{organ.why} {known}; this cluster is not named as these cells."


def _blood_cells_in(organ: Organ, antigen: Antigen | None) -> list[NormalTissue]:
    """Rows of the catalogue on blood cells, which lie wherever blood is made or goes; none where one forbids it."""
    if antigen is None or organ.name not in _WITH_BLOOD_CELLS:
        return []
    there = [tissue for tissue in antigen.normal if tissue.organ in _WITH_BLOOD_CELLS]
    return [] if any(_status_of(tissue) is Status.FAIL for tissue in there) else there


def _are_cells(cluster: str, tissue: NormalTissue) -> bool:
    """Whether a cluster is named as the cells of a row are."""
    name = cluster.replace("_", " ")
    return any(
        re.search(rf"\b{kind}\b", tissue.cells)
        and re.search(rf"(?<!non-)(?<!non )(?<!not )\b{kind}[ -]cells?\b", name, re.IGNORECASE)
        for kind in _BLOOD_CELLS
    )
