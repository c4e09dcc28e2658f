"""Shortened genes: what was cut out, and whether it can be cut out here to the residue.

A shortened gene is written only where the residues at its joints were checked against the protein given. Where a
product's composition is known in words alone, it is described and refused as a sequence.
"""

from __future__ import annotations

from revertant.errors import InputError, NoDesignError
from revertant.knowledge import MiniGene, mini_genes

__all__ = ["b_domain_deleted_factor_viii", "mini_gene_protein", "mini_genes_of"]

#: Factor VIII around the joint of the SQ deletion: mature residues 741-745, and 1636-1648.
_BEFORE, _B_DOMAIN_START = "SFS", "QNSRH"
_B_DOMAIN_END, _AFTER = "CS", "QNPPVLKRHQR"
_REMOVED_RESIDUES = 894
SQ_LINKER = _BEFORE + _AFTER


def mini_genes_of(gene: str) -> tuple[MiniGene, ...]:
    """Return the shortened forms known of a gene; empty where none is known here.

    Examples
    --------
    >>> [(mini.key, mini.cds_bp) for mini in mini_genes_of("F8")]
    [('bdd_f8_sq', 4374)]
    """
    return tuple(mini for mini in mini_genes().values() if mini.gene == gene)


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
    mini = mini_genes().get(key)
    if mini is None:
        raise InputError(
            f"No shortened gene is called {key!r}.",
            remedy=f"Known are {', '.join(mini_genes())}.",
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
