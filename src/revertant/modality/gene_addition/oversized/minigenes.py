"""Shortened genes: what was cut out, and whether it can be cut out here to the residue.

A shortened gene is written only where the residues at its joints were checked against the protein given. Where a
product's composition is known in words alone, it is described and refused as a sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

from revertant.errors import InputError, NoDesignError

__all__ = ["MINI_GENES", "MiniGene", "b_domain_deleted_factor_viii", "mini_gene_protein", "mini_genes_of"]


@dataclass(frozen=True, slots=True)
class MiniGene:
    """A shortened gene that was used or tried.

    Parameters
    ----------
    key, gene, name
        How it is called, and of which gene it is.
    composition
        What is left, in words.
    cds_bp
        Its coding length with stop codon; ``None`` where its residues are not known.
    stage
        How far it has come.
    sources
        Where that stands.
    checked
        Whether the composition was checked by computation or read to the residue.
    """

    key: str
    gene: str
    name: str
    composition: str
    cds_bp: int | None
    stage: str
    sources: tuple[str, ...]
    checked: bool


#: Factor VIII around the joint of the SQ deletion: mature residues 741-745, and 1636-1648.
_BEFORE, _B_DOMAIN_START = "SFS", "QNSRH"
_B_DOMAIN_END, _AFTER = "CS", "QNPPVLKRHQR"
_REMOVED_RESIDUES = 894
SQ_LINKER = _BEFORE + _AFTER

MINI_GENES = (
    MiniGene(
        "bdd_f8_sq",
        "F8",
        "B-domain-deleted factor VIII, SQ",
        "Ser743 joined to Gln1638 of the mature protein: 894 residues of the B domain are out, and SFSQNPPVLKRHQR "
        "spans the joint.",
        3 * (2351 - _REMOVED_RESIDUES + 1),
        "approved (Roctavian)",
        ("uniprot:P00451", "doi:10.1055/s-0037-1612910"),
        checked=True,
    ),
    MiniGene(
        "micro_dystrophin_elevidys",
        "DMD",
        "micro-dystrophin of delandistrogene moxeparvovec",
        "actin-binding domain, hinge 1, spectrin repeats R1 to R3, hinge 2, R24, hinge 4 and the cysteine-rich domain; "
        "R4 to R23 and the C-terminal domain are out.",
        None,
        "approved for ambulatory patients (Elevidys)",
        ("doi:10.1242/bio.059797",),
        checked=False,
    ),
    MiniGene(
        "mini_dystrophin_r16_r19",
        "DMD",
        "mini-dystrophins with R16 to R19",
        "with the repeats that bind nNOS, 6 to 8 kb: they protect heart and nNOS better and do not fit one AAV.",
        None,
        "tested in animals",
        ("pmcid:PMC6066193",),
        checked=False,
    ),
    MiniGene(
        "cftr_delta_r",
        "CFTR",
        "CFTR with a shortened regulatory domain",
        "part of the R domain is out.",
        None,
        "clinical trials",
        ("nct:NCT05248230",),
        checked=False,
    ),
    MiniGene(
        "atp7b_truncated",
        "ATP7B",
        "ATP7B with fewer metal-binding domains",
        "some of the six N-terminal metal-binding domains are out.",
        None,
        "clinical trials",
        ("nct:NCT04884815",),
        checked=False,
    ),
)


def mini_genes_of(gene: str) -> tuple[MiniGene, ...]:
    """Return the shortened forms known of a gene; empty where none is known here.

    Examples
    --------
    >>> [(mini.key, mini.cds_bp) for mini in mini_genes_of("F8")]
    [('bdd_f8_sq', 4374)]
    """
    return tuple(mini for mini in MINI_GENES if mini.gene == gene)


def mini_gene_protein(key: str, protein: str) -> str:
    """Write the protein of a shortened gene, or refuse.

    Parameters
    ----------
    key
        Key of a :class:`MiniGene`.
    protein
        The whole protein, one-letter residues without stop.

    Raises
    ------
    NoDesignError
        Where the residues of its joints could not be verified.
    InputError
        Where the protein given is not the one it is cut from, or the key is not known.

    Examples
    --------
    >>> mini_gene_protein("micro_dystrophin_elevidys", "M")
    Traceback (most recent call last):
        ...
    revertant.errors.NoDesignError: micro-dystrophin of delandistrogene moxeparvovec is known here in words only: ...
    """
    mini = next((mini for mini in MINI_GENES if mini.key == key), None)
    if mini is None:
        raise InputError(
            f"No shortened gene is called {key!r}.",
            remedy=f"Known are {', '.join(m.key for m in MINI_GENES)}.",
        )
    if mini.key == "bdd_f8_sq":
        return b_domain_deleted_factor_viii(protein)
    raise NoDesignError(
        f"{mini.name} is known here in words only: {mini.composition}",
        remedy="Give its protein sequence from the product's own publication.",
    )


def b_domain_deleted_factor_viii(protein: str) -> str:
    """Cut the B domain out of factor VIII, with the SQ joint.

    Parameters
    ----------
    protein
        Factor VIII with or without signal peptide; both joints must be there once, 894 residues apart.

    Raises
    ------
    InputError
        When the joints are not found so: the protein is not human factor VIII, or varies there.

    Examples
    --------
    >>> from revertant.modality.gene_addition.oversized.minigenes import SQ_LINKER
    >>> SQ_LINKER
    'SFSQNPPVLKRHQR'
    """
    left, right = _BEFORE + _B_DOMAIN_START, _B_DOMAIN_END + _AFTER
    if protein.count(left) != 1 or protein.count(right) != 1:
        raise InputError(
            f"The joints of the SQ deletion ({left} and {right}) do not stand once each in this protein.",
            remedy="Give human factor VIII (UniProt P00451).",
        )
    cut, resume = protein.index(left) + len(_BEFORE), protein.index(right) + len(_B_DOMAIN_END)
    if resume - cut != _REMOVED_RESIDUES:
        raise InputError(
            f"The joints are {resume - cut} residues apart, not {_REMOVED_RESIDUES}.",
            remedy="Give human factor VIII (UniProt P00451).",
        )
    return protein[:cut] + protein[resume:]
