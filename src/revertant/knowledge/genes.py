"""Genes of gene-therapy interest: how their diseases come about, and where one would have to act.

Two kinds of facts stand in a row. *Figures* (haploinsufficiency score, LOEUF, coding length, diseases with
their inheritance) were computed from ClinGen, gnomAD, RefSeq and HPO files; ``figures_checked`` vouches for
them. *Judgements* (mechanism, tissue, what the loss of both copies does) come from the literature;
``checked`` is true only where that literature was read. The mechanism may differ between the diseases of one
gene and between truncating and missense variants; where nobody has established it, it is ``unknown``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from revertant.knowledge.catalogue import Row, load_rows
from revertant.knowledge.tissues import Tissue
from revertant.model import EditingPlace, Mechanism

__all__ = ["GeneDisease", "GeneFact", "MechanismFact", "find_gene", "genes"]

Inheritance = Literal["AD", "AR", "XL", "XLD", "XLR", "MT"]
#: ClinGen dosage scores in words: 3, 2, 1, 0, 30, 40; ``unknown`` when ClinGen has not assessed the gene.
Haploinsufficiency = Literal[
    "sufficient", "some", "little", "none", "autosomal_recessive", "unlikely", "unknown"
]
LossOfBothCopies = Literal["treats", "tolerated", "causes_disease", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneDisease:
    """One disease of a gene.

    Parameters
    ----------
    id, label, inheritance
        OMIM identifier, name and modes of inheritance as the HPO annotation gives them.
    mechanism
        How this disease comes about when that is established for every variant; left out otherwise.
    truncating, missense
        The mechanism of truncating and of missense variants, where they differ.
    because
        One sentence for the reader.
    wrong_splice_sites
        Variants that were shown to make or to raise a wrong splice site, on the gene's transcript (``"c.1824C>T"``);
        ``because`` says what comes of it.
    sources, checked
        Where the mechanism is taken from, and whether that was read.
    """

    id: str
    label: str
    inheritance: tuple[Inheritance, ...] = ()
    mechanism: Mechanism | None = None
    truncating: Mechanism | None = None
    missense: Mechanism | None = None
    because: str = ""
    wrong_splice_sites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    checked: bool = False


@dataclass(frozen=True, slots=True)
class MechanismFact:
    """A mechanism with the reason and the sources for it."""

    mechanism: Mechanism
    because: str
    sources: tuple[str, ...]
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneFact(Row):
    """What is known of one gene.

    Parameters
    ----------
    name, hgnc_id, aliases
        Full name, HGNC identifier (empty when no file at hand gives it), earlier symbols.
    by_disease
        Its diseases.
    mechanisms
        Every mechanism by which variants of this gene make disease; empty when none is established.
    haploinsufficiency
        ClinGen's dosage score in words.
    loeuf
        Upper bound of the observed/expected ratio of loss-of-function variants (gnomAD v2.1.1).
    cds_bp, transcript
        Coding length with the stop codon, and the transcript it was measured on.
    tissues, editing_place
        Where one would have to act, first the main tissue; in or outside the body.
    cells
        The cells of these tissues that need the gene, where they are known and not all of them.
    loss_of_both_copies
        ``"treats"`` when knocking the gene out is itself a treatment (of the genes in ``benefits``, or of its
        own gain-of-function disease), ``"causes_disease"`` when people without the gene are ill.
    benefits
        Genes whose disease is treated by losing this one.
    therapies
        Approved products.
    note
        What a designer should know.
    figures_checked
        Whether the computed columns agree with their source files (a test recomputes them).
    """

    name: str
    hgnc_id: str = ""
    aliases: tuple[str, ...] = ()
    by_disease: tuple[GeneDisease, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    haploinsufficiency: Haploinsufficiency = "unknown"
    loeuf: float | None = None
    cds_bp: int | None = None
    transcript: str = ""
    tissues: tuple[Tissue, ...]
    cells: tuple[str, ...] = ()
    editing_place: EditingPlace | None = None
    loss_of_both_copies: LossOfBothCopies = "unknown"
    benefits: tuple[str, ...] = ()
    therapies: tuple[str, ...] = ()
    note: str = ""
    figures_checked: bool = False

    @property
    def symbol(self) -> str:
        """The gene's symbol, which is the row's key."""
        return self.key

    @property
    def diseases(self) -> tuple[tuple[str, str], ...]:
        """Identifier and name of each disease."""
        return tuple((disease.id, disease.label) for disease in self.by_disease)

    @property
    def inheritance(self) -> tuple[str, ...]:
        """Modes of inheritance over all diseases: AD, AR, XL, MT."""
        short = {"XLD": "XL", "XLR": "XL"}
        modes = {short.get(mode, mode) for disease in self.by_disease for mode in disease.inheritance}
        return tuple(sorted(modes))

    @property
    def haploinsufficient(self) -> bool | None:
        """Whether one lost copy makes disease; ``None`` when ClinGen has not decided."""
        decided = {"sufficient": True, "autosomal_recessive": False, "unlikely": False}
        return decided.get(self.haploinsufficiency)

    @property
    def dispensable(self) -> bool | None:
        """Whether people can do without both copies; ``None`` when that is not known here."""
        known = {"treats": True, "tolerated": True, "causes_disease": False}
        return known.get(self.loss_of_both_copies)

    def disease(self, disease_id: str) -> GeneDisease | None:
        """Return the disease with this identifier, if the gene has it."""
        return next((disease for disease in self.by_disease if disease.id == disease_id), None)

    def wrong_site_of(self, hgvs_c: str) -> GeneDisease | None:
        """Return the disease in which a variant was shown to make a wrong splice site; ``None`` where none is known.

        Parameters
        ----------
        hgvs_c
            The variant on a transcript. Another transcript than the gene's own counts its bases otherwise.

        Examples
        --------
        >>> genes()["LMNA"].wrong_site_of("NM_170707.4:c.1824C>T").label
        'Hutchinson-Gilford progeria syndrome'
        >>> genes()["LMNA"].wrong_site_of("NM_005572.4:c.1824C>T") is None
        True
        """
        transcript, _, change = hgvs_c.partition(":")
        if transcript.partition(".")[0] != self.transcript.partition(".")[0]:
            return None
        return next((one for one in self.by_disease if change in one.wrong_splice_sites), None)

    def mechanism_of(self, disease_id: str = "", *, truncating: bool | None = None) -> MechanismFact:
        """Say how a disease of this gene comes about.

        Parameters
        ----------
        disease_id
            OMIM identifier; empty when the case names no disease.
        truncating
            Whether the variant truncates the protein; ``None`` when that is not known or does not apply.

        Returns
        -------
        MechanismFact
            ``UNKNOWN`` unless the disease, or a gene with a single mechanism, decides it.

        Examples
        --------
        >>> genes()["LMNA"].mechanism_of("OMIM:176670").mechanism
        <Mechanism.DOMINANT_NEGATIVE: 'dominant_negative'>
        >>> genes()["LMNA"].mechanism_of().mechanism
        <Mechanism.UNKNOWN: 'unknown'>
        """
        disease = self.disease(disease_id)
        if disease is not None:
            by_class = {True: disease.truncating, False: disease.missense, None: None}[truncating]
            mechanism = by_class or disease.mechanism
            if mechanism is not None:
                known = f"{disease.label} arises by {mechanism.value.replace('_', ' ')}."
                unknown = f"How variants of {self.key} cause {disease.label} is not established."
                because = disease.because or (unknown if mechanism is Mechanism.UNKNOWN else known)
                return MechanismFact(mechanism, because, disease.sources or self.sources, disease.checked)
            if disease.truncating or disease.missense:
                because = f"In {disease.label} the mechanism depends on the kind of variant."
                return MechanismFact(Mechanism.UNKNOWN, because, disease.sources, disease.checked)
        if len(self.mechanisms) == 1:
            mechanism = self.mechanisms[0]
            because = f"{self.key} is known for {mechanism.value.replace('_', ' ')} only."
            return MechanismFact(mechanism, because, self.sources, self.checked)
        because = (
            f"Variants of {self.key} make disease in several ways; the disease or the case must say which."
            if self.mechanisms
            else f"No mechanism is established for {self.key} in the catalogue."
        )
        return MechanismFact(Mechanism.UNKNOWN, because, self.sources, checked=self.checked)

    def problems(self) -> Iterator[str]:
        """Yield contradictions between fields."""
        if not self.tissues:
            yield "A gene needs at least one tissue."
        identifiers = [disease.id for disease in self.by_disease]
        if len(set(identifiers)) < len(identifiers):
            yield "A disease stands twice."
        for disease in self.by_disease:
            stated = {disease.mechanism, disease.truncating, disease.missense} - {None, Mechanism.UNKNOWN}
            if stated and not disease.sources:
                yield f"{disease.id} states a mechanism without a source."
            if disease.wrong_splice_sites and not (disease.sources and disease.because and self.transcript):
                yield f"{disease.id} names wrong splice sites without a source, a reason or the gene's transcript."
            if stated - set(self.mechanisms):
                yield f"{disease.id} states a mechanism the gene's own list lacks."
        if self.loeuf is not None and not 0 <= self.loeuf <= 2:
            yield f"LOEUF {self.loeuf} is not within 0 and 2."
        if self.cds_bp is not None and (self.cds_bp <= 0 or not self.transcript):
            yield "A coding length needs to be positive and to name its transcript."


@cache
def genes() -> Mapping[str, GeneFact]:
    """Return the gene catalogue by symbol.

    Examples
    --------
    >>> genes()["HBB"].cds_bp
    444
    """
    return load_rows("genes.toml", GeneFact)


def find_gene(symbol: str) -> GeneFact | None:
    """Return a gene by its symbol or an earlier symbol; ``None`` when the catalogue lacks it.

    Examples
    --------
    >>> find_gene("GBA").symbol
    'GBA1'
    """
    catalogue = genes()
    if symbol in catalogue:
        return catalogue[symbol]
    return next((fact for fact in catalogue.values() if symbol in fact.aliases), None)
