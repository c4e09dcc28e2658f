"""What a vector does once it is given: where it goes, what drives it there, what it may harm, and how long it stays."""

from __future__ import annotations

from revertant import knowledge
from revertant.knowledge import Evidence, Tissue, Vehicle
from revertant.modality.gene_addition.promoters import NOT_STRONGER, promoters_for
from revertant.model import Case, FeatureKind, Finding, GenomeForm, Status, Vector

__all__ = [
    "delivery_finding",
    "detargeting_finding",
    "dividing_finding",
    "message_length_finding",
    "persistence_finding",
    "promoter_finding",
]

_AAV = (GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.DUAL_AAV)
#: The liver of an adult rests; that of a child grows, and episomes are lost as its cells divide.
_LIVER_ABSTRACT = "https://discovery.researcher.life/article/aav-mediated-gene-delivery-to-the-mouse-liver"
LIVER_SOURCES = (f"url:{_LIVER_ABSTRACT}/08bed233c46e339a8f83009b42546f6e",)
_ADULT_YEARS = 18.0
#: 256 monkeys: dorsal root ganglia ill in 83 % after delivery into the spinal fluid, in 32 % after the vein; null
#: genomes did no harm.
GANGLIA_SOURCES = (
    "url:https://genetherapy-neurological.com",
    "pmcid:PMC8851102",
)


def delivery_finding(vehicle: Vehicle, tissue: str) -> Finding:
    """Judge how far the vehicle's use has come in the tissue.

    Parameters
    ----------
    vehicle, tissue
        What is given, and what it is to reach.
    """
    evidence = vehicle.evidence(tissue, "addition")
    rule, value = "delivery.vehicle", f"{vehicle.name} ({evidence.value})"
    if evidence is Evidence.NONE:
        text = f"{vehicle.name} is not known to have carried a gene into {tissue}."
        return Finding(rule, Status.FAIL, text, value, sources=vehicle.sources, checked=vehicle.checked)
    stage = "approved" if evidence is Evidence.APPROVED else f"at the {evidence.value} stage"
    return Finding(
        rule,
        Status.PASS if evidence.rank >= Evidence.CLINICAL.rank else Status.CAUTION,
        f"Adding a gene to {tissue} is {stage} with this vehicle. {vehicle.note}".strip(),
        value,
        "clinical use in this tissue",
        vehicle.sources,
        checked=vehicle.checked,
    )


def promoter_finding(vector: Vector, gene: str) -> Finding:
    """Say what is known of the promoter in the tissue; how much it makes there is never known beforehand.

    Parameters
    ----------
    vector
        The vector.
    gene
        The gene that is added.
    """
    rule = "vector.promoter"
    if vector.form is GenomeForm.MRNA:
        return Finding(rule, Status.NOT_APPLICABLE, "An mRNA has no promoter.")
    tissue = knowledge.tissue_named(vector.tissue)
    keys = [
        feature.part
        for construct in vector.constructs
        for feature in construct.of_kind(FeatureKind.PROMOTER)
        if feature.part
    ]
    known = {one.part.key: one for one in promoters_for(tissue, vector.form, gene)}
    found = known.get(keys[0]) if keys else None
    if found is None:
        return Finding(
            rule, Status.UNKNOWN, "Nothing is known here of this promoter in the tissue: measure it."
        )
    part = found.part
    general = knowledge.UBIQUITOUS in part.tissues
    elsewhere = " It is active wherever the vector goes." if general else ""
    if general and tissue is Tissue.HAEMATOPOIETIC_STEM_CELL:
        elsewhere = (
            " It is active in stem cells and in every lineage: where the product belongs to one (globin to red cells), "
            "bring that lineage's promoter with --parts."
        )
    return Finding(
        rule,
        Status.CAUTION,
        f"{part.name}: {found.because}.{elsewhere} How much it makes per cell in {vector.tissue} has to be measured; a "
        "stronger promoter did worse than a native one for SMN1 in mice.",
        value=f"{part.strength} strength",
        sources=tuple(dict.fromkeys((*found.sources, NOT_STRONGER))),
        checked=part.checked,
    )


def detargeting_finding(vector: Vector) -> Finding:
    """Say whether the gene is kept silent where it does harm: dorsal root ganglia after delivery to the nervous system.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "vector.dorsal_root_ganglia"
    tissue = knowledge.tissue_named(vector.tissue)
    if vector.form not in _AAV or tissue not in {Tissue.BRAIN, Tissue.SPINAL_CORD}:
        return Finding(rule, Status.NOT_APPLICABLE, "The vector is not given to the nervous system.")
    sites = {feature.part for construct in vector.constructs for feature in construct.features}
    risk = (
        "Dorsal root ganglia were ill in 83 % of monkeys after delivery into the spinal fluid and in 32 % after the "
        "vein; vectors that express nothing did no harm there"
    )
    if "mirna_183" in sites:
        return Finding(
            rule,
            Status.CAUTION,
            f"{risk}. Sites of miR-183 keep this gene silent there; where sensory neurons are ill too, they lose the "
            "treatment.",
            "miR-183 sites",
            sources=GANGLIA_SOURCES,
        )
    return Finding(
        rule,
        Status.CAUTION,
        f"{risk}. This genome has no room for, or no, sites of miR-183: examine sensation and nerve conduction.",
        "no miR-183 sites",
        sources=GANGLIA_SOURCES,
    )


def message_length_finding(vector: Vector) -> Finding:
    """Hold the coding sequence of an mRNA against the longest editor that people were given as a message.

    No limit of length was read for messages in lipid nanoparticles, so what is longer is a caution, not a refusal.

    Parameters
    ----------
    vector
        The vector; forms other than mRNA are not judged here.
    """
    rule = "message.length"
    if vector.form is not GenomeForm.MRNA:
        return Finding(rule, Status.NOT_APPLICABLE, f"{vector.form} is no mRNA.")
    given = [row for key, row in knowledge.editors().items() if key in knowledge.effectors_in_people()]
    longest = max(given, key=lambda row: row.least_cargo_bp or 0)
    most = longest.least_cargo_bp or 0
    length = max(len(coding.designed) for coding in vector.coding)
    value, threshold = f"{length:,} bases", f"{most:,} bases"
    if length <= most:
        text = (
            f"Its coding sequence is no longer than that of {longest.name}, which people were given as mRNA."
        )
        return Finding(rule, Status.PASS, text, value, threshold, longest.sources, longest.checked)
    text = (
        f"Its coding sequence is longer than that of {longest.name}, the longest that people were given as mRNA here: "
        "whether it can be made whole and fits the particle has to be shown."
    )
    return Finding(rule, Status.CAUTION, text, value, threshold, longest.sources, longest.checked)


def dividing_finding(vector: Vector, case: Case) -> Finding:
    """Judge whether the genome is kept while the tissue grows.

    Parameters
    ----------
    vector, case
        The vector, and the person's age.
    """
    rule = "vector.dividing_tissue"
    tissue = knowledge.tissue_named(vector.tissue)
    if vector.form not in _AAV:
        return Finding(rule, Status.NOT_APPLICABLE, f"{vector.form} does not stay as an episome.")
    if tissue is not Tissue.LIVER:
        return Finding(rule, Status.NOT_APPLICABLE, f"The cells meant in {tissue.value} hardly divide.")
    age = case.subject.age_years
    risk = "AAV genomes stay outside the chromosomes and are lost as hepatocytes divide"
    if age is None:
        text = f"{risk}; the age is not stated, so whether the liver still grows is not known."
        return Finding(rule, Status.UNKNOWN, text, sources=LIVER_SOURCES)
    if age < _ADULT_YEARS:
        return Finding(
            rule,
            Status.CAUTION,
            f"{risk}: in a liver that still grows expression fades, fastest in infants, and antibodies stand against a "
            "second dose.",
            f"{age:g} years",
            f"{_ADULT_YEARS:g} years",
            LIVER_SOURCES,
        )
    text = "The liver of an adult rests, and expression there has been more stable."
    return Finding(rule, Status.PASS, text, f"{age:g} years", f"{_ADULT_YEARS:g} years", LIVER_SOURCES)


def persistence_finding(vector: Vector) -> Finding:
    """Say what becomes of the genome in the cell: episome, integrated copy, or messenger.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "vector.integration"
    if vector.form is GenomeForm.MRNA:
        return Finding(rule, Status.PASS, "An mRNA does not integrate; its protein is made for days.")
    if vector.form is GenomeForm.LENTIVIRAL:
        return Finding(
            rule,
            Status.CAUTION,
            "The vector integrates at places nobody chooses; follow integration sites for 15 years.",
            sources=("label:Skysona", "label:Lenmeldy"),
            checked=False,
        )
    return Finding(
        rule,
        Status.CAUTION,
        "A small share of AAV genomes integrates. No cancer of a person has been traced to it so far; in newborn mice "
        "liver cancer followed, by dose, age and a strong liver promoter.",
        sources=(
            "pmcid:PMC9372310",
            "url:https://www.jci.org/articles/view/79213",
            "label:Itvisma 2025-11-24",
        ),
        checked=False,
    )
