"""Routes that the length of a gene hardly bounds: what decides is the tissue."""

from __future__ import annotations

from revertant.knowledge import Tissue
from revertant.modality.gene_addition.lentiviral import lentiviral_length_finding
from revertant.modality.gene_addition.oversized.option import RouteOption, reach_of
from revertant.model import Finding, GenomeForm, Status

__all__ = ["lentiviral_option", "mrna_option", "other_options"]

#: Psi, RRE, cPPT and LTRs of a lentiviral vector: 9 kb between the LTRs leave 7.5 kb.
LENTIVIRAL_FRAME_BP = 1500
_MRNA_SOURCES = ("nct:NCT04159103", "pmcid:PMC10066765")


def lentiviral_option(cds_bp: int, tissue: Tissue, sets: tuple[int, ...]) -> RouteOption:
    """Judge a lentiviral vector with the first of the sets of regulatory parts."""
    provirus = cds_bp + sets[0] + LENTIVIRAL_FRAME_BP
    finding = lentiviral_length_finding(provirus)
    reach = reach_of(tissue, "lentivirus")
    return RouteOption(
        GenomeForm.LENTIVIRAL.value,
        "lentiviral vector",
        GenomeForm.LENTIVIRAL,
        finding.status,
        reach.status,
        (provirus,),
        (),
        f"{provirus:,} bp from LTR to LTR. It integrates: for cells that divide, treated outside the body.",
        (finding, reach),
        finding.sources,
        finding.checked,
    )


def mrna_option(cds_bp: int, tissue: Tissue) -> RouteOption:
    """Judge mRNA in a lipid nanoparticle."""
    reach = reach_of(tissue, "LNP")
    text = (
        "Length does not bound the particle. The protein is made for days, so the dose is repeated for life; long RNA "
        "is harder to make whole."
    )
    rule = Finding(
        "route.mrna_length", Status.CAUTION, text, f"{cds_bp:,} nt of coding sequence", sources=_MRNA_SOURCES
    )
    return RouteOption(
        GenomeForm.MRNA.value,
        "mRNA in a lipid nanoparticle",
        GenomeForm.MRNA,
        Status.CAUTION,
        reach.status,
        (),
        (),
        text,
        (rule, reach),
        _MRNA_SOURCES,
    )


def other_options(tissue: Tissue) -> tuple[RouteOption, ...]:
    """Herpes and retroviruses that have brought a gene to the tissue: roomier than AAV, and not designed here."""
    options = []
    for kind in ("HSV-1", "retrovirus"):
        reach = reach_of(tissue, kind)
        if reach.status is Status.FAIL:
            continue
        text = f"{reach.because} Vectors of this kind are not designed here."
        rule = Finding(
            "route.other_vector", Status.UNKNOWN, text, sources=reach.sources, checked=reach.checked
        )
        options.append(
            RouteOption(
                "other",
                kind,
                None,
                Status.UNKNOWN,
                reach.status,
                (),
                (),
                text,
                (rule, reach),
                reach.sources,
                reach.checked,
            )
        )
    return tuple(options)
