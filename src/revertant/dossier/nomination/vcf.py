"""The person's variants that make or change off-target sites, as VCF 4.3.

One record for each variant. A variant can touch several sites, and several guides: the INFO fields are then
parallel lists. Names chosen by people may hold anything, so what VCF keeps for itself is percent-encoded, as its
specification asks (VCF 4.3, section 1.2).
"""

from __future__ import annotations

from collections import defaultdict

from revertant.dossier.nomination.selection import nearest_first
from revertant.dossier.vcf_lines import (
    contig_lines,
    header_lines,
    percent_encoded,
    vcf_alleles,
    vcf_contigs,
)
from revertant.genome import Reference
from revertant.model import Nomination, OffTargetSite, SiteOrigin, Variant
from revertant.offtarget.scoring.tiers import tier_of_site

__all__ = ["INFO_FIELDS", "gained_vcf_text"]

_Touched = tuple[str, OffTargetSite]

#: The INFO fields: key, type, meaning. Each holds one entry for each site of the record.
INFO_FIELDS = (
    ("GUIDE", "String", "Name of the guide, percent-encoded"),
    ("SITE", "String", "Aligned DNA of the site without PAM, contig:start-end:strand, counted from 1"),
    ("ORIGIN", "String", "gained: only this person has the site. changed: the variant changes its sequence"),
    ("HAPLOTYPE", "String", "Copies that carry the site, joined by &; putative when phase is unknown"),
    ("EDITS", "Integer", "Mismatches and bulges of the site"),
    ("CFD", "Float", "CFD score of the site in this person, 0 to 1; missing where CFD is not defined"),
    ("REFERENCE_CFD", "Float", "CFD score of the reference at the same place; missing where there is none"),
    ("TIER", "Integer", "Tier of the site, 1 (to be looked at first) to 5"),
    ("MARKS", "String", "What else to know: coding, splice site, lists of genes; joined by &"),
    ("WITH", "String", "Other variants the site needs as well, contig:position:ref:alt joined by &"),
)  # fmt: skip


def gained_vcf_text(nomination: Nomination, reference: Reference) -> str:
    """Return the text of ``gained.vcf``.

    Parameters
    ----------
    nomination
        What was found.
    reference
        The reference that was searched: it gives the base beside an insertion or a deletion.

    Examples
    --------
    >>> from revertant.model import Coverage, Provenance
    >>> coverage = Coverage(4, (("chr1", 0, 4),), False, ("reference",), "4 bases were searched.")
    >>> nothing = Nomination("s", (), (), coverage, (), None, "", (), None, Provenance("revertant", "0", (), (), ()))
    >>> print(gained_vcf_text(nothing, Reference.from_sequences({"chr1": "ACGT"})).splitlines()[0])
    ##fileformat=VCFv4.3
    """
    touched: dict[Variant, list[_Touched]] = defaultdict(list)
    for name, report in zip(nomination.names, nomination.reports, strict=True):
        for site in nearest_first(report.personal_sites):
            if site.origin is not SiteOrigin.LOST:
                for variant in dict.fromkeys(site.variants):
                    touched[variant].append((name, site))
    contigs = vcf_contigs(reference)
    order = {contig: place for place, contig in enumerate(contigs)}
    written = sorted(
        (variant for variant in touched if variant.contig in order),
        key=lambda variant: (order[variant.contig], variant),
    )
    records = sorted(
        (
            (order[variant.contig], *vcf_alleles(variant, reference), _info(variant, touched[variant]))
            for variant in written
        ),
        key=lambda record: record[:4],
    )
    lines = _header(nomination, reference, contigs, len(touched) - len(written))
    lines += [
        f"{contigs[place]}\t{position}\t.\t{ref}\t{alt}\t.\t.\t{info}"
        for place, position, ref, alt, info in records
    ]
    return "\n".join(lines) + "\n"


def _header(nomination: Nomination, reference: Reference, contigs: list[str], unwritten: int) -> list[str]:
    lines = header_lines(nomination.provenance, reference)
    if unwritten:
        lines.append(f"##revertantNotWritten={unwritten} variants on contigs whose names VCF cannot hold")
    lines += contig_lines(contigs, reference)
    lines += [
        f'##INFO=<ID={key},Number=.,Type={kind},Description="{meaning}">'
        for key, kind, meaning in INFO_FIELDS
    ]
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    return lines


def _info(variant: Variant, touched: list[_Touched]) -> str:
    tiers = [tier_of_site(site) for _, site in touched]
    values: dict[str, list[str]] = {
        "GUIDE": [percent_encoded(name) for name, _ in touched],
        "SITE": [percent_encoded(str(site.locus)) for _, site in touched],
        "ORIGIN": [site.origin.value for _, site in touched],
        "HAPLOTYPE": ["&".join(map(percent_encoded, site.haplotypes)) or "." for _, site in touched],
        "EDITS": [str(site.edits) for _, site in touched],
        "CFD": [_score(site.cfd) for _, site in touched],
        "REFERENCE_CFD": [_score(site.reference_cfd) for _, site in touched],
        "TIER": [str(tier.number) for tier in tiers],
        "MARKS": ["&".join(map(percent_encoded, tier.marks)) or "." for tier in tiers],
        "WITH": [
            "&".join(percent_encoded(str(other)) for other in site.variants if other != variant) or "."
            for _, site in touched
        ],
    }
    return ";".join(f"{key}={','.join(values[key])}" for key, _, _ in INFO_FIELDS)


def _score(value: float | None) -> str:
    return "." if value is None else repr(value)
