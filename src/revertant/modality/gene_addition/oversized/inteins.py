"""Where a protein can be cut for a split intein, and the two halves proved to give the protein again.

The residue after the joint does the chemistry: cysteine for the DnaE inteins Cfa and Npu, serine for gp41-1. It must be
there already, for the spliced protein to be the patient's own. The rest is room and structure: each half has to fit,
and the cut should lie outside folded domains. Structure is not computed here; what was not looked at is said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from revertant.errors import NoDesignError, UsageError
from revertant.knowledge import vector_part
from revertant.modality.gene_addition.oversized.halves import SplitRoom
from revertant.sequence import STOPS, translate

__all__ = [
    "InteinHalves",
    "ProteinDomain",
    "SplitIntein",
    "SplitSearch",
    "SplitSite",
    "intein_halves",
    "join_spliced_proteins",
    "split_inteins",
    "split_sites",
]

#: Cfa and gp41-1 joined more than twice as much as Npu in two AAV; better preparations gave three times more again.
INTEIN_COMPARISON = "doi:10.3390/ijms241310524"


@dataclass(frozen=True, slots=True)
class SplitIntein:
    """A split intein.

    Parameters
    ----------
    key, name
        How it is called.
    n_residues, c_residues
        Length of its two halves; the start methionine of the second may be counted in it, which asks for a codon too
        many and never for one too few.
    next_residue
        The residue that must follow the joint (the first of the C-extein).
    rank
        1 is tried first.
    because
        Why it has that rank.
    sources
        Where that stands.
    checked
        Whether lengths and residue were read there.

    """

    key: str
    name: str
    n_residues: int
    c_residues: int
    next_residue: str
    rank: int
    because: str
    sources: tuple[str, ...]
    checked: bool


#: Catalogue keys of the halves, residues of both (from memory where the catalogue has no sequence), and where they
#: were described.
_KNOWN = (
    (
        "cfa",
        "intein_cfa",
        (101, 35),
        "joined more than twice as much as Npu in two AAV",
        "doi:10.1021/jacs.5b13528",
    ),
    (
        "gp41-1",
        "intein_gp41_1",
        (88, 37),
        "joined more than twice as much as Npu in two AAV; needs a serine",
        "doi:10.1074/jbc.M112.372680",
    ),
    (
        "npu",
        "intein_npu",
        (102, 36),
        "the one most used so far, and the weakest of the three in two AAV",
        "doi:10.3389/fbioe.2024.1488912",
    ),
)


@cache
def split_inteins() -> Mapping[str, SplitIntein]:
    """Return the split inteins by key, best first.

    Examples
    --------
    >>> [(intein.key, intein.next_residue) for intein in split_inteins().values()]
    [('cfa', 'C'), ('gp41-1', 'S'), ('npu', 'C')]
    """
    found = {}
    for rank, (key, part, residues, because, source) in enumerate(_KNOWN, start=1):
        n_half, c_half = vector_part(f"{part}_n"), vector_part(f"{part}_c")
        known = bool(n_half.protein and c_half.protein)
        n_residues, c_residues = (len(n_half.protein), len(c_half.protein)) if known else residues
        found[key] = SplitIntein(
            key,
            n_half.name.split(",")[0],
            n_residues,
            c_residues,
            c_half.junction_residue,
            rank,
            because,
            (INTEIN_COMPARISON, source),
            checked=known and n_half.checked and c_half.checked,
        )
    return MappingProxyType(found)


@dataclass(frozen=True, slots=True)
class ProteinDomain:
    """A folded stretch that a cut should spare.

    Parameters
    ----------
    name
        As its source calls it.
    start, end
        0-based, half-open, on the protein.
    """

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SplitSite:
    """One place to cut a protein.

    Parameters
    ----------
    intein
        Key of the intein.
    after_residue
        Residues of the N-extein: the cut lies after residue number ``after_residue``, counted from 1.
    context
        Three residues before and after the cut, with a bar between.
    n_half_bp, c_half_bp
        Coding bases of the halves with intein, start and stop codons.
    fullest
        How full the fuller vector is, 0 to 1.
    because
        Why this place, and what was not looked at.
    """

    intein: str
    after_residue: int
    context: str
    n_half_bp: int
    c_half_bp: int
    fullest: float
    because: str


@dataclass(frozen=True, slots=True)
class SplitSearch:
    """The places found, and why the others were refused.

    Parameters
    ----------
    sites
        Emptiest first: the one that leaves most room.
    refused
        ``(reason, how many places)``.
    """

    sites: tuple[SplitSite, ...]
    refused: tuple[tuple[str, int], ...]


def split_sites(
    protein: str, intein: SplitIntein, room: SplitRoom, domains: tuple[ProteinDomain, ...] = ()
) -> SplitSearch:
    """Find every place where a protein can be cut for an intein.

    Parameters
    ----------
    protein
        One-letter residues without stop.
    intein
        One of :func:`split_inteins`, or one's own.
    room
        What each vector has room for.
    domains
        Folded stretches to be spared; without them the sites say that structure was not looked at.

    Returns
    -------
    SplitSearch
        Every place is a site or counted under a reason: ``len(protein) - 1`` in all.

    Examples
    --------
    >>> search = split_sites("MAAACAAAASAAA", split_inteins()["cfa"], SplitRoom(400, 400))
    >>> [(site.after_residue, site.context) for site in search.sites], dict(search.refused)
    ([(4, 'AAA|CAA')], {'the residue after the joint is not C': 11})
    """
    sites: list[SplitSite] = []
    refused: Counter[str] = Counter()
    for cut in range(1, len(protein)):
        if protein[cut] != intein.next_residue:
            refused[f"the residue after the joint is not {intein.next_residue}"] += 1
            continue
        inside = next((domain.name for domain in domains if domain.start < cut < domain.end), "")
        if inside:
            refused[f"inside {inside}"] += 1
            continue
        # One stop codon on the N half, one start and one stop codon on the C half.
        n_bp = 3 * (cut + intein.n_residues + 1)
        c_bp = 3 * (len(protein) - cut + intein.c_residues + 2)
        if n_bp > room.five_prime_bp or c_bp > room.three_prime_bp:
            refused["a half does not fit its vector"] += 1
            continue
        fullest = max(n_bp / room.five_prime_bp, c_bp / room.three_prime_bp)
        context = f"{protein[max(0, cut - 3) : cut]}|{protein[cut : cut + 3]}"
        sites.append(
            SplitSite(
                intein.key, cut, context, n_bp, c_bp, fullest, _because(intein, cut, protein[cut], domains)
            )
        )
    sites.sort(key=lambda site: (site.fullest, site.after_residue))
    return SplitSearch(tuple(sites), tuple(sorted(refused.items())))


def _because(intein: SplitIntein, cut: int, residue: str, domains: tuple[ProteinDomain, ...]) -> str:
    structure = (
        "outside every named domain"
        if domains
        else "no domains were given, so whether it lies in a fold was not looked at"
    )
    return (
        f"{residue}{cut + 1} is the residue that {intein.name} needs after the joint; both halves fit; {structure}. "
        "How much is joined depends on the residues around the joint and on the folding of the halves: try several."
    )


@dataclass(frozen=True, slots=True)
class InteinHalves:
    """Two coding sequences whose proteins splice to the protein.

    Parameters
    ----------
    n_cds, c_cds
        Coding sequences with start and stop codons.
    joined
        The spliced protein, computed from them: equal to the protein encoded.
    """

    n_cds: str
    c_cds: str
    joined: str


def join_spliced_proteins(n_half: str, c_half: str, intein_n: str, intein_c: str) -> str:
    """Splice two half proteins: the intein goes, its neighbours are joined.

    Parameters
    ----------
    n_half, c_half
        The proteins as made, without stop; the second begins with a methionine before the intein.
    intein_n, intein_c
        Residues of the intein halves.

    Raises
    ------
    NoDesignError
        When the halves do not hold the intein where it must be.

    Examples
    --------
    >>> join_spliced_proteins("MAAA" + "CLSY", "M" + "IKIAN" + "CGGG", "CLSY", "IKIAN")
    'MAAACGGG'
    """
    start = f"M{intein_c.removeprefix('M')}"
    if not n_half.endswith(intein_n) or not c_half.startswith(start):
        raise NoDesignError(
            "The halves do not end and begin with the intein.", remedy="Give the intein they were made with."
        )
    return n_half[: len(n_half) - len(intein_n)] + c_half[len(start) :]


def intein_halves(cds: str, site: SplitSite, intein_n_cds: str, intein_c_cds: str) -> InteinHalves:
    """Write the two coding sequences of a split, and prove them.

    Parameters
    ----------
    cds
        Coding sequence of the whole protein, stop codon included.
    site
        Where to cut it.
    intein_n_cds, intein_c_cds
        Coding sequences of the intein's halves, without stop; a start codon before the second is added where it has
        none.

    Raises
    ------
    UsageError
        When a sequence is not in whole codons or holds a stop.
    NoDesignError
        When what the halves splice to is not the protein.

    Examples
    --------
    >>> site = split_sites("MAACAA", split_inteins()["cfa"], SplitRoom(400, 400)).sites[0]
    >>> halves = intein_halves("ATGGCTGCTTGTGCTGCTTAA", site, "TGTCTGAGCTAT", "ATTAAAATTGCTAAT")
    >>> halves.joined, halves.c_cds[:3]
    ('MAACAA', 'ATG')
    """
    for part in (intein_n_cds, intein_c_cds, cds[:-3]):
        if len(part) % 3 or "*" in translate(part) or "X" in translate(part):
            raise UsageError(
                "Whole codons without a stop are needed.", where=f"sequence of {len(part)} bases"
            )
    if cds[-3:] not in STOPS:
        raise UsageError("The coding sequence needs its stop codon.", where=f"it ends in {cds[-3:]}")
    cut = 3 * site.after_residue
    start = "" if intein_c_cds.startswith("ATG") else "ATG"
    n_cds, c_cds = cds[:cut] + intein_n_cds + cds[-3:], start + intein_c_cds + cds[cut:]
    joined = join_spliced_proteins(
        translate(n_cds)[:-1], translate(c_cds)[:-1], translate(intein_n_cds), translate(intein_c_cds)
    )
    protein = translate(cds)[:-1]
    if joined != protein or not _suits(site, protein):
        raise NoDesignError(
            f"The halves do not splice to the protein at residue {site.after_residue}.",
            remedy="Use a site found on this protein.",
        )
    return InteinHalves(n_cds, c_cds, joined)


def _suits(site: SplitSite, protein: str) -> bool:
    """Whether the residue after the joint is the intein's; of an intein of one's own the site vouches for it."""
    intein = split_inteins().get(site.intein)
    return intein is None or protein[site.after_residue] == intein.next_residue
