"""A question without a patient: one variant, one region or one gene, asked as if it were a case.

The planner knows one way only, and it starts with a case. So an inquiry becomes a case that says nothing of a
person: no age, no consent, no serology. What is not said is unknown there, as in any case, and the plan says
first of all that nobody is planned for.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.errors import UsageError
from revertant.model import (
    Case,
    CaseVariant,
    Disease,
    EditingPlace,
    Finding,
    Mechanism,
    Pathogenicity,
    Status,
    Subject,
    Transgene,
    Zygosity,
)

__all__ = ["NO_CASE", "Inquiry", "case_of"]

#: The rule whose finding tells a design without a case from a plan.
NO_CASE = "case.none"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked without a patient.

    Parameters
    ----------
    variant
        A variant in any form that :func:`revertant.variant.resolve` reads; empty for a region or a gene.
    region
        ``chr:start-end``, counted from 1: a stretch that is to be broken. Empty for the others.
    gene
        The gene of the variant or the region, or, alone, the gene that is to be knocked out or added.
    transcript
        The transcript to use; empty for the default choice.
    zygosity, pathogenicity, mechanism
        Of the variant, where stated; the mechanism also of the gene.
    disease_id
        OMIM, MONDO or ORPHA identifier; the gene catalogue may know several diseases of a gene.
    tissue, editing_place
        The cells to reach; empty and ``None`` take what the gene catalogue says.
    transgene
        What a vector is to carry; alone it asks for a vector, and its name stands for the gene.
    adds_gene
        Whether a vector for ``gene`` is asked for, and not its knock-out.
    """

    variant: str = ""
    region: str = ""
    gene: str = ""
    transcript: str = ""
    zygosity: Zygosity = Zygosity.UNKNOWN
    pathogenicity: Pathogenicity = Pathogenicity.NOT_PROVIDED
    mechanism: Mechanism = Mechanism.UNKNOWN
    disease_id: str = ""
    tissue: str = ""
    editing_place: EditingPlace | None = None
    transgene: Transgene | None = None
    adds_gene: bool = False

    def __post_init__(self) -> None:
        if bool(self.variant) + bool(self.region) > 1:
            raise UsageError(
                "A variant and a region are asked for.", remedy="Ask for one of them.", code="two-questions"
            )
        if self.wants_vector and (self.variant or self.region):
            raise UsageError(
                "A vector is asked for, and an edit too.", remedy="Ask for one of them.", code="two-questions"
            )
        if not (self.variant or self.region or self.gene or self.transgene):
            raise UsageError(
                "Nothing is asked for.", remedy="Name a variant, a region or a gene.", code="no-question"
            )

    @property
    def wants_vector(self) -> bool:
        """Whether a vector is asked for."""
        return self.adds_gene or self.transgene is not None

    @property
    def gene_asked(self) -> str:
        """The gene, or the transgene's name where no gene is named; may be empty."""
        return self.gene.strip() or (self.transgene.name if self.transgene else "")

    @property
    def words(self) -> str:
        """What is asked for, short."""
        return self.variant or self.region or self.gene_asked

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Everything stated, for the provenance: there is no file whose digest would say it."""
        stated = {
            "asked_variant": self.variant,
            "asked_region": self.region,
            "asked_gene": self.gene,
            "transcript": self.transcript,
            "zygosity": self.zygosity.value,
            "pathogenicity": self.pathogenicity.value,
            "mechanism": self.mechanism.value,
            "disease": self.disease_id,
            "tissue": self.tissue,
            "editing_place": self.editing_place.value if self.editing_place else "",
        }
        if self.wants_vector:
            carried = self.transgene
            stated["transgene"] = (
                f"{carried.name} ({len(carried.protein)} residues)" if carried else self.gene
            )
        return tuple((name, value or "not stated") for name, value in stated.items())


def case_of(inquiry: Inquiry) -> Case:
    """Make the case that an inquiry amounts to: nobody, and what was asked.

    Parameters
    ----------
    inquiry
        The question.

    Examples
    --------
    >>> case = case_of(Inquiry(variant="NM_000518.5:c.20A>T"))
    >>> case.case_id, case.consent, case.findings[0].status.value
    ('no case: NM_000518.5:c.20A>T', None, 'unknown')
    """
    stated = CaseVariant(
        (inquiry.variant,),
        inquiry.zygosity,
        inquiry.pathogenicity,
        inquiry.gene,
        inquiry.mechanism,
        path="VARIANT",
    )
    return Case(
        case_id=f"no case: {inquiry.words}",
        subject=Subject(""),
        variants=(stated,) if inquiry.variant else (),
        diseases=(Disease(inquiry.disease_id),) if inquiry.disease_id else (),
        editing_place=inquiry.editing_place,
        tissue=inquiry.tissue,
        transcript=inquiry.transcript,
        findings=(
            Finding(
                NO_CASE,
                Status.UNKNOWN,
                "This is a design without a case: it is made for nobody. Age, consent, antibodies and everything else "
                "that depends on a person are unknown. Where a text says “the case”, it means what was asked here.",
                value=inquiry.words,
            ),
        ),
    )
