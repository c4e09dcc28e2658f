"""The rules that are read on the finished constructs, and not taken from the search that made them."""

from __future__ import annotations

from dataclasses import replace

from revertant import knowledge
from revertant.modality.gene_addition.assemble import construct_faults, occurrences
from revertant.modality.gene_addition.coding import SPLICE_LIMIT_BITS
from revertant.modality.gene_addition.coding.options import recognition_sites
from revertant.modality.gene_addition.oversized import join_overlapping, join_spliced
from revertant.model import Construct, FeatureKind, Finding, GenomeForm, Status, Strand, Vector
from revertant.prediction import (
    ACCEPTOR_EXON_NT,
    ACCEPTOR_INTRON_NT,
    DONOR_EXON_NT,
    DONOR_INTRON_NT,
    SpliceKind,
    splice_card,
    splice_sites,
)
from revertant.sequence import reverse_complement, translate

__all__ = [
    "cloning_finding",
    "construct_finding",
    "joint_finding",
    "parts_finding",
    "protein_finding",
    "x_protein_finding",
]

_LEAST_OVERLAP_BP = 20


def construct_finding(vector: Vector) -> Finding:
    """Look at every finished sequence alone: is it what its features say.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "vector.construct"
    proteins = tuple(coding.protein for coding in vector.coding) if len(vector.constructs) == 1 else ()
    catalogue = knowledge.vector_parts()
    everything = (*vector.constructs, *vector.plasmids)
    own = sorted({part.key for part in vector.parts} - set(catalogue))
    for construct in everything:
        # The bases of a user's part are known to the user alone: it is compared with itself.
        features = tuple(
            replace(feature, part="") if feature.part in own else feature for feature in construct.features
        )
        faults = construct_faults(
            replace(construct, features=features), proteins, lambda key: catalogue[key].sequence
        )
        if faults:
            return Finding(rule, Status.FAIL, f"{construct.name}: {' '.join(faults)}")
    count = f"{sum(len(construct.features) for construct in everything)} features"
    text = (
        "Every base of every sequence belongs to one feature, and every part equals its row of the catalogue"
    )
    if own:
        return Finding(
            rule, Status.CAUTION, f"{text}, but your own, taken as you gave them: {', '.join(own)}.", count
        )
    return Finding(rule, Status.PASS, f"{text} base for base.", count)


def protein_finding(vector: Vector) -> Finding:
    """Translate what the finished sequences encode, halves joined first, and compare it with the protein asked for.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "vector.protein_unchanged"
    coding = vector.coding[0]
    read = _read(vector)
    if read is None:
        return Finding(rule, Status.FAIL, "The halves do not join to one coding sequence.")
    if translate(read) != f"{coding.protein}*":
        return Finding(rule, Status.FAIL, "What the construct encodes is not the protein that was asked for.")
    joined = " after the halves are joined" if len(vector.constructs) > 1 else ""
    return Finding(
        rule,
        Status.PASS,
        f"Read from the finished sequence{joined}, all {len(coding.protein):,} residues are those asked for.",
        value=f"{len(coding.protein)} aa",
    )


def _read(vector: Vector) -> str | None:
    """The coding sequence on the constructs; ``None`` where halves do not join."""
    pieces = [_coding_on(construct) for construct in vector.constructs]
    if len(pieces) == 1:
        return pieces[0]
    first, second = vector.constructs
    donors, acceptors = first.of_kind(FeatureKind.SPLICE_DONOR), second.of_kind(FeatureKind.SPLICE_ACCEPTOR)
    if donors and acceptors:
        donor, acceptor = first.bases_of(donors[0]), second.bases_of(acceptors[0])
        return join_spliced(pieces[0] + donor, acceptor + pieces[1], donor, acceptor)
    shared = [feature for feature in first.features if feature.kind is FeatureKind.RECOMBINOGENIC]
    least = len(shared[0]) if shared else _LEAST_OVERLAP_BP
    return join_overlapping(pieces[0], pieces[1], least)


def _coding_on(construct: Construct) -> str:
    feature = construct.of_kind(FeatureKind.CDS)[0]
    bases = construct.bases_of(feature)
    return bases if feature.strand is Strand.PLUS else reverse_complement(bases)


def joint_finding(vector: Vector) -> Finding:
    """Look for places that could be spliced across the borders of the coding sequence, where no part alone shows them.

    Parameters
    ----------
    vector
        The vector.
    """
    rule, threshold = "vector.joints", f"none of {SPLICE_LIMIT_BITS:g} bits or more"
    if vector.form is GenomeForm.MRNA:
        return Finding(
            rule, Status.NOT_APPLICABLE, "An mRNA made outside the body does not pass the spliceosome."
        )
    sources = splice_card().sources
    found = [place for construct in vector.constructs for place in _across_borders(construct)]
    if found:
        return Finding(
            rule,
            Status.CAUTION,
            f"Across the borders of the coding sequence could be spliced: {', '.join(found)}. A high score is no proof "
            "of use; look for it in RNA.",
            str(len(found)),
            threshold,
            sources,
        )
    text = "No place that scores as splice sites do lies across a border of the coding sequence."
    return Finding(rule, Status.PASS, text, "0", threshold, sources)


def _across_borders(construct: Construct) -> list[str]:
    """Splice sites that need bases on both sides of a border, but those that a dual vector is meant to have."""
    coding = construct.of_kind(FeatureKind.CDS)[0]
    meant = {
        edge
        for kind in (FeatureKind.SPLICE_DONOR, FeatureKind.SPLICE_ACCEPTOR)
        for feature in construct.of_kind(kind)
        for edge in (feature.start, feature.end)
    }
    places = []
    for site in splice_sites(construct.sequence, SPLICE_LIMIT_BITS):
        donor = site.kind is SpliceKind.DONOR
        low = site.edge - (DONOR_EXON_NT if donor else ACCEPTOR_INTRON_NT)
        high = site.edge + (DONOR_INTRON_NT if donor else ACCEPTOR_EXON_NT)
        if site.edge not in meant and any(low < border < high for border in (coding.start, coding.end)):
            places.append(
                f"{site.kind.value} at base {site.edge + 1} of {construct.name} ({site.score:g} bits)"
            )
    return places


def parts_finding(vector: Vector) -> Finding:
    """Name the parts whose sequence has no second copy to be held against.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "knowledge.vector_parts"
    unsure = [part for part in vector.parts if not part.checked]
    if not unsure:
        return Finding(
            rule, Status.PASS, "Every part agrees with an independent copy.", f"{len(vector.parts)} parts"
        )
    return Finding(
        rule,
        Status.UNKNOWN,
        f"No second copy agrees with {', '.join(part.name for part in unsure)}: compare with your own before ordering.",
        value=f"{len(unsure)} of {len(vector.parts)} parts",
        sources=tuple(dict.fromkeys(source for part in unsure for source in part.sources)),
        checked=False,
    )


def x_protein_finding(vector: Vector) -> Finding:
    """Say whether a posttranscriptional element can make the X peptide of woodchuck hepatitis virus.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "vector.woodchuck_x"
    elements = [
        (construct, feature)
        for construct in vector.constructs
        for feature in construct.of_kind(FeatureKind.REGULATORY)
    ]
    if not elements:
        return Finding(rule, Status.NOT_APPLICABLE, "The vector has no posttranscriptional element.")
    for construct, feature in elements:
        peptide = knowledge.woodchuck_x_protein(construct.bases_of(feature))
        if peptide:
            text = f"{feature.name} can make {len(peptide)} residues of X, which is suspected to promote liver cancer."
            return Finding(
                rule, Status.CAUTION, text, f"{len(peptide)} aa", "none", ("doi:10.1038/sj.gt.3302417",)
            )
    return Finding(
        rule, Status.PASS, "No X peptide can be made of the posttranscriptional element.", "0 aa", "none"
    )


def cloning_finding(vector: Vector) -> Finding:
    """Count how often the enzymes around the coding sequence cut each plasmid.

    Parameters
    ----------
    vector
        The vector.
    """
    rule = "vector.cloning_sites"
    if not vector.plasmids:
        return Finding(rule, Status.NOT_APPLICABLE, "No plasmid was designed.")
    wrong, names = [], []
    for plasmid in vector.plasmids:
        for feature in plasmid.of_kind(FeatureKind.CLONING_SITE):
            names.append(feature.name)
            [(_, site)] = recognition_sites((feature.name,))
            cuts = occurrences(plasmid.sequence, site, circular=plasmid.circular)
            if cuts != 1:
                wrong.append(f"{feature.name} cuts {plasmid.name} {cuts} times")
    if wrong:
        return Finding(rule, Status.FAIL, f"{'; '.join(wrong)}.", threshold="once")
    if not names:
        return Finding(rule, Status.NOT_APPLICABLE, "No restriction site was put around the coding sequence.")
    return Finding(
        rule, Status.PASS, f"{' and '.join(names)} cut the plasmid once each.", ", ".join(names), "once"
    )
