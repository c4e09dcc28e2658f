"""The sites the off-target model learns from and is tested on, read from the published tables.

Positives are sites that an assay found cut in cells. Negatives are of three kinds: the sites that were cut on naked
DNA (CHANGE-seq) and not found in cells; the candidate sites of two published benchmarks; and every site within
reach of a guide in the genome windows of the test data that neither assay lists, which stand for the rest of the
genome. CHANGE-seq's table holds positives above 100 reads only: a site absent from it is *not* taken as uncut there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from revertant.genome import PatientGenome, Reference
from revertant.model import OffTargetRequest, SearchLimits
from revertant.offtarget import align, search
from revertant.sequence import is_dna
from training.data import data_folder, read_table

__all__ = ["Site", "all_sites"]

TRUTH = "crispr/offtarget/truth/"
GUIDE_SEQ = TRUTH + "guideseq_lazzarotto2020.tsv.gz"
CHANGE_SEQ = TRUTH + "changeseq_positive_lazzarotto2020.tsv.gz"
HAEUSSLER = TRUTH + "haeussler2016_sites_and_nonsites.tsv.gz"
DEEPCRISPR = TRUTH + "deepcrispr_off_cls_hek293t.tsv.gz"
BULGED = TRUTH + "guideseq_identified_bulge_multistudy.tsv.gz"
WINDOWS = "genome/GRCh38.windows.fa.gz"

_NT = 20
#: The published gapped sites carry one bulge and up to four mismatches; a few have one bulge of each kind.
_GAPPED = (SearchLimits(4, 1, 0), SearchLimits(4, 0, 1))
_SEARCHES = (SearchLimits(6), SearchLimits(4, 1, 1, 5))


@dataclass(frozen=True, slots=True)
class Site:
    """One site of one guide.

    ``source`` is ``change`` (CHANGE-seq, in a guide with GUIDE-seq), ``guide`` (GUIDE-seq), ``haeussler``,
    ``deepcrispr``, ``others`` (further GUIDE-seq guides), ``bulged`` (GUIDE-seq, gapped), ``windows`` and
    ``windows_bulged`` (no assay lists it). ``reads`` are the assay's own number.
    """

    source: str
    spacer: str
    aligned_spacer: str
    aligned_target: str
    pam: str
    active: bool
    reads: float = 0.0

    @property
    def order(self) -> tuple[str, ...]:
        """For sorting."""
        return self.source, self.spacer, self.aligned_spacer, self.aligned_target, self.pam


def all_sites() -> tuple[Site, ...]:
    """Read every table and search the windows; sorted."""
    sites = [*_lazzarotto(), *_benchmarks()]
    known = _listed()
    of_lists = {site.spacer for site in sites}
    sites += _bulged(of_lists)
    sites += _windows(known)
    return tuple(sorted(sites, key=lambda site: (*site.order, site.reads)))


def _plain(source: str, spacer: str, text: str, *, active: bool, reads: float = 0.0) -> Site:
    return Site(source, spacer, spacer, text[:_NT], text[_NT:], active, reads)


def _lazzarotto() -> Iterator[Site]:
    cells = read_table(GUIDE_SEQ)
    guides = {row["target"][:_NT] for row in cells}
    places = {(row["target"], row["chrom"], row["chromStart"]) for row in cells}
    for row in read_table(CHANGE_SEQ):
        spacer, text = row["target"][:_NT], row["offtarget_sequence"].upper()
        if spacer in guides and row["distance"] != "0":
            active = (row["target"], row["chrom"], row["chromStart"]) in places
            yield _plain("change", spacer, text, active=active, reads=float(row["CHANGEseq_reads"]))
    for row in cells:
        text = row["offtarget_sequence"].upper()
        if row["distance"] != "0" and len(text) == _NT + 3 and is_dna(text):
            yield _plain("guide", row["target"][:_NT], text, active=True, reads=float(row["GUIDEseq_reads"]))


def _benchmarks() -> Iterator[Site]:
    for row in read_table(HAEUSSLER):
        active = row["wasValidated"] == "1"
        yield _plain(
            "haeussler", row["guide"][:_NT], row["off"], active=active, reads=float(row["readFraction"])
        )
    for row in read_table(DEEPCRISPR, header=False):
        yield _plain("deepcrispr", row["1"][:_NT], row["2"], active=row["3"] == "1")


def _listed() -> dict[str, set[str]]:
    """Sequences that any assay lists for a spacer: none of them is a negative."""
    listed = defaultdict(set)
    for row in [*read_table(CHANGE_SEQ), *read_table(GUIDE_SEQ)]:
        listed[row["target"][:_NT]].add(row["offtarget_sequence"].upper()[:_NT])
    for row in read_table(BULGED):
        for text in (row["seq_subonly"], row["seq_gapped"]):
            if text:
                listed[row["target"][:_NT]].add(text[:-3].replace("-", ""))
    return {spacer: found for spacer, found in listed.items() if len(spacer) == _NT and is_dna(spacer)}


def _bulged(of_lists: set[str]) -> Iterator[Site]:
    """Gapped sites of all studies, and the others of guides that no other list has."""
    for row in read_table(BULGED):
        spacer, plain, gapped = row["target"][:_NT], row["seq_subonly"], row["seq_gapped"]
        if len(row["target"]) != _NT + 3:
            continue
        reads = float(row["reads_bi_sum"])
        if spacer not in of_lists and plain and is_dna(plain) and 0 < int(row["n_sub"]) <= 6:
            yield _plain("others", spacer, plain, active=True, reads=reads)
        target, pam = gapped[:-3].replace("-", ""), gapped[-3:]
        if not gapped or not is_dna(target + pam):
            continue
        for limits in _GAPPED:
            if len(target) - _NT == limits.dna_bulges - limits.rna_bulges:
                found = align(spacer[::-1], target[::-1], limits)
                if found is not None and found.dna_length == len(target):
                    yield Site(
                        "bulged", spacer, found.guide[::-1], found.dna[::-1], pam, active=True, reads=reads
                    )


def _windows(listed: dict[str, set[str]]) -> Iterator[Site]:
    genome = PatientGenome(Reference.open(data_folder() / WINDOWS))
    spacers = sorted(listed)
    for limits in _SEARCHES:
        reports = search([OffTargetRequest(spacer, "NRG", limits=limits) for spacer in spacers], genome)
        for spacer, report in zip(spacers, reports, strict=True):
            for site in report.sites:
                text = site.aligned_target.replace("-", "")
                bulges = site.dna_bulges + site.rna_bulges
                if text in listed[spacer] or site.mismatches + bulges == 0 or bulges > 1:
                    continue
                if limits.dna_bulges and not bulges:
                    continue
                source = "windows_bulged" if bulges else "windows"
                yield Site(source, spacer, site.aligned_spacer, site.aligned_target, site.pam, active=False)
