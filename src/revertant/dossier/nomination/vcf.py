"""The person's variants that make or change off-target sites, as VCF 4.3.

One record for each variant. A variant can touch several sites, and several guides: the INFO fields are then
parallel lists. Names chosen by people may hold anything, so what VCF keeps for itself is percent-encoded, as its
specification asks (VCF 4.3, section 1.2).
"""

from __future__ import annotations

import re
from collections import defaultdict
from urllib.parse import quote

from revertant.dossier.nomination.selection import nearest_first
from revertant.genome import Reference
from revertant.model import Locus, Nomination, OffTargetSite, SiteOrigin, Variant
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
#: Names of contigs that VCF 4.3 allows (section 1.4.7).
_CONTIG = re.compile(r"[0-9A-Za-z!#$%&+./:;?@^_|~-][0-9A-Za-z!#$%&*+./:;=?@^_|~-]*")


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
    contigs = [contig for contig in reference.contigs if _CONTIG.fullmatch(contig)]
    order = {contig: place for place, contig in enumerate(contigs)}
    written = sorted(
        (variant for variant in touched if variant.contig in order),
        key=lambda variant: (order[variant.contig], variant),
    )
    records = sorted(
        (
            (order[variant.contig], *_alleles(variant, reference), _info(variant, touched[variant]))
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
    source = nomination.provenance
    lines = [
        "##fileformat=VCFv4.3",
        f"##source={_plain(f'{source.software} {source.version}')}",
        f"##reference={_plain(reference.name)}",
    ]
    if unwritten:
        lines.append(f"##revertantNotWritten={unwritten} variants on contigs whose names VCF cannot hold")
    whole = {window.contig: window.end for window in reference.windows} if reference.is_whole_genome else {}
    assembly = f",assembly={reference.build}" if reference.build else ""
    for contig in contigs:
        # Of windows the length of the contig is not known.
        length = f",length={whole[contig]}" if contig in whole else ""
        lines.append(f"##contig=<ID={contig}{length}{assembly}>")
    lines += [
        f'##INFO=<ID={key},Number=.,Type={kind},Description="{meaning}">'
        for key, kind, meaning in INFO_FIELDS
    ]
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    return lines


def _alleles(variant: Variant, reference: Reference) -> tuple[int, str, str]:
    """Return POS, REF and ALT; an empty allele gets the base before it, or after it where nothing comes before."""
    if variant.ref and variant.alt:
        return variant.start + 1, variant.ref, variant.alt
    before = _base(reference, variant.contig, variant.start - 1)
    if before:
        return variant.start, before + variant.ref, before + variant.alt
    after = _base(reference, variant.contig, variant.end) or "N"
    return variant.start + 1, variant.ref + after, variant.alt + after


def _base(reference: Reference, contig: str, position: int) -> str:
    """Return one base of the reference, empty where it has none."""
    if position < 0 or not reference.covers(Locus(contig, position, position + 1)):
        return ""
    return reference.fetch(contig, position, position + 1)


def _info(variant: Variant, touched: list[_Touched]) -> str:
    tiers = [tier_of_site(site) for _, site in touched]
    values: dict[str, list[str]] = {
        "GUIDE": [_encoded(name) for name, _ in touched],
        "SITE": [_encoded(str(site.locus)) for _, site in touched],
        "ORIGIN": [site.origin.value for _, site in touched],
        "HAPLOTYPE": ["&".join(map(_encoded, site.haplotypes)) or "." for _, site in touched],
        "EDITS": [str(site.edits) for _, site in touched],
        "CFD": [_score(site.cfd) for _, site in touched],
        "REFERENCE_CFD": [_score(site.reference_cfd) for _, site in touched],
        "TIER": [str(tier.number) for tier in tiers],
        "MARKS": ["&".join(map(_encoded, tier.marks)) or "." for tier in tiers],
        "WITH": [
            "&".join(_encoded(str(other)) for other in site.variants if other != variant) or "."
            for _, site in touched
        ],
    }
    return ";".join(f"{key}={','.join(values[key])}" for key, _, _ in INFO_FIELDS)


def _score(value: float | None) -> str:
    return "." if value is None else repr(value)


def _encoded(text: str) -> str:
    """Percent-encode what VCF keeps for itself, white space, and everything that is not ASCII."""
    shown = quote(text, safe="!\"#$'()*+-./:<>?@[]^_`{|}~", errors="backslashreplace")
    return shown if shown != "." else "%2E"


def _plain(text: str) -> str:
    """Write a header's text on one line."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
