"""After an integrating vector: copies in a cell, and for how long to look for clones."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.model import Finding, Status

__all__ = ["FOLLOW_UP", "SKYSONA_LABEL", "FollowUpVisit", "copy_number_finding", "follow_up_findings"]

#: Copies in a cell that a drug product should not reach.
COPY_NUMBER_LIMIT = 5.0
COPY_NUMBER_SOURCES = (
    "label:FDA guidance, Considerations for the Development of Chimeric Antigen Receptor T Cell Products, 2024-01",
)

SKYSONA_LABEL = "label:Skysona (elivaldogene autotemcel), US prescribing information, boxed warning"
FDA_FOLLOW_UP = (
    "label:FDA guidance, Long Term Follow-Up After Administration of Human Gene Therapy Products, 2020-01"
)


def copy_number_finding(copies_per_cell: float | None) -> Finding:
    """Hold a drug product's vector copy number against its limit.

    Parameters
    ----------
    copies_per_cell
        Mean of transduced cells; ``None`` where it was not measured.

    Examples
    --------
    >>> copy_number_finding(None).status, copy_number_finding(2.1).status
    (<Status.UNKNOWN: 'unknown'>, <Status.PASS: 'pass'>)
    """
    rule, threshold = "lentiviral.copy_number", f"below {COPY_NUMBER_LIMIT:g} copies per transduced cell"
    if copies_per_cell is None:
        return Finding(
            rule,
            Status.UNKNOWN,
            "Vector copies per cell are a property of each drug product: measure them before release.",
            threshold=threshold,
            sources=COPY_NUMBER_SOURCES,
            checked=False,
        )
    low = 0 < copies_per_cell < COPY_NUMBER_LIMIT
    return Finding(
        rule,
        Status.PASS if low else Status.FAIL,
        "Every copy is one more place where a growth gene can be hit."
        if copies_per_cell > 0
        else "No vector was found in the cells.",
        f"{copies_per_cell:g} copies per cell",
        threshold,
        COPY_NUMBER_SOURCES,
        checked=False,
    )


@dataclass(frozen=True, slots=True)
class FollowUpVisit:
    """One line of the follow-up after an integrating vector.

    Parameters
    ----------
    what
        What is looked at.
    when
        How often, and for how long.
    action
        What follows from what is found.
    source
        Where it stands.
    checked
        Whether that was read.
    """

    what: str
    when: str
    action: str
    source: str
    checked: bool


#: Follow-up after an integrating vector in blood stem cells, strictest of what was read.
FOLLOW_UP = (
    FollowUpVisit(
        "complete blood count",
        "at least every 6 months",
        "bone marrow evaluation as clinically indicated",
        SKYSONA_LABEL,
        checked=True,
    ),
    FollowUpVisit(
        "clonal expansion or predominance, by integration-site analysis",
        "at least twice in the first year, then every year",
        "look for integration in or near proto-oncogenes, and repeat sooner where a clone grows",
        SKYSONA_LABEL,
        checked=True,
    ),
    FollowUpVisit(
        "vector sequences in blood cells",
        "at least every 6 months for 5 years, then every year to 15 years, or until none is found",
        "integration-site analysis where at least 1 % of the cells carry vector",
        FDA_FOLLOW_UP,
        checked=False,
    ),
    FollowUpVisit(
        "examination, then at least a questionnaire",
        "every year for 5 years, then every year to 15 years",
        "report delayed adverse events",
        FDA_FOLLOW_UP,
        checked=False,
    ),
)


def follow_up_findings() -> tuple[Finding, ...]:
    """Return what must be looked at afterwards, each as a finding that stays open.

    Examples
    --------
    >>> {finding.status.value for finding in follow_up_findings()}
    {'unknown'}
    """
    return tuple(
        Finding(
            "lentiviral.follow_up",
            Status.UNKNOWN,
            f"After treatment: {visit.what}, {visit.when}; {visit.action}.",
            value=visit.when,
            sources=(visit.source,),
            checked=visit.checked,
        )
        for visit in FOLLOW_UP
    )
