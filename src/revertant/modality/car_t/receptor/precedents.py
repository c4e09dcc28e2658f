"""A receptor held against those of approved products, part by part and to the residue."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from revertant.knowledge import CarArchitecture, CarRole, car_architectures, car_binders, car_parts
from revertant.modality.car_t.receptor.assemble import product_receptor
from revertant.modality.car_t.receptor.receptor import Receptor

__all__ = ["ProductComparison", "compared_products", "nearest_product", "same_protein"]

_COMPARED = (
    CarRole.SIGNAL_PEPTIDE,
    CarRole.VARIABLE_DOMAIN,
    CarRole.LINKER,
    CarRole.JOIN,
    CarRole.HINGE,
    CarRole.TRANSMEMBRANE,
    CarRole.COSTIMULATORY,
    CarRole.ACTIVATION,
    CarRole.SELF_CLEAVING,
    CarRole.SWITCH,
)


@dataclass(frozen=True, slots=True)
class ProductComparison:
    """A product's receptor as rebuilt, beside its record.

    Parameters
    ----------
    architecture
        The catalogue row.
    receptor
        As laid from the parts.
    same_protein
        Whether its residues are those of the record, by length and SHA-256.
    unchecked
        Keys of parts that nobody has checked.
    """

    architecture: CarArchitecture
    receptor: Receptor
    same_protein: bool
    unchecked: tuple[str, ...]


def same_protein(receptor: Receptor, architecture: CarArchitecture) -> bool:
    """Whether a receptor is, residue by residue, the protein of a record.

    Examples
    --------
    >>> row = car_architectures()["tisagenlecleucel"]
    >>> same_protein(product_receptor("tisagenlecleucel"), row), same_protein(product_receptor("abecma"), row)
    (True, False)
    """
    digest = hashlib.sha256(receptor.protein.encode()).hexdigest()
    return len(receptor.protein) == architecture.protein_aa and digest == architecture.protein_sha256


def compared_products() -> tuple[ProductComparison, ...]:
    """Rebuild every product's receptor and hold it against its record.

    Examples
    --------
    >>> all(one.same_protein for one in compared_products())
    True
    """
    found = []
    for key, row in car_architectures().items():
        receptor = product_receptor(key)
        unchecked = tuple(part for part in row.parts if not car_parts()[part].checked)
        found.append(ProductComparison(row, receptor, same_protein(receptor, row), unchecked))
    return tuple(found)


def nearest_product(receptor: Receptor) -> tuple[CarArchitecture, tuple[str, ...]] | None:
    """Return the product of the same antigens whose parts differ least, and how they differ.

    Returns
    -------
    tuple[CarArchitecture, tuple[str, ...]] | None
        The product and one phrase for each role that differs; ``None`` where no product binds the antigens.

    Examples
    --------
    >>> row, differing = nearest_product(product_receptor("kymriah_leukaemia"))
    >>> row.name, differing
    ('Kymriah', ())
    """
    approved = [row for row in car_architectures().values() if row.products]
    alike = [row for row in approved if (car_binders()[row.binder].antigen,) == receptor.antigens]
    if not alike:
        return None
    scored = [(row, _differences(receptor, row)) for row in alike]
    return min(scored, key=lambda pair: (len(pair[1]), pair[0].key))


def _differences(receptor: Receptor, row: CarArchitecture) -> tuple[str, ...]:
    theirs = [car_parts()[key] for key in row.parts]
    found = []
    for role in _COMPARED:
        ours = [segment.part.name for segment in receptor.of_role(role)]
        other = [part.name for part in theirs if part.role is role]
        if ours != other:
            found.append(
                f"{role.words}: {' + '.join(ours) or 'none'} instead of {' + '.join(other) or 'none'}"
            )
    return tuple(found)
