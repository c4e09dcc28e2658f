"""The features of a construct in the words of the INSDC feature table, which GenBank files are written in.

Keys, qualifiers and controlled values are those of the DDBJ/ENA/GenBank Feature Table Definition, version 11.3
(https://www.insdc.org/submitting-standards/feature-table/), and of its vocabularies for ``/regulatory_class``,
``/rpt_type`` and ``/ncRNA_class``. What has no key of its own is a ``misc_feature`` with its name as label.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from revertant.dossier.vectors.words import short_name
from revertant.dossier.words import one_line
from revertant.model import CodingSequence, Construct, Feature, FeatureKind, PartUse, Strand
from revertant.sequence import is_dna, reverse_complement, translate

__all__ = ["InsdcFeature", "Reading", "ascii_text", "insdc_features", "reading_of", "safe_name"]

_LONGEST_WORD = 40  # a longer one would be broken across lines, and readers would put a blank there

#: Key and fixed qualifiers of each kind; ``{name}`` is the feature's own name.
_KEYS: Mapping[FeatureKind, tuple[str, tuple[tuple[str, str], ...]]] = {
    FeatureKind.ITR: ("repeat_region", (("rpt_type", "inverted"),)),
    FeatureKind.LTR: ("repeat_region", (("rpt_type", "long_terminal_repeat"),)),
    FeatureKind.INSULATOR: ("regulatory", (("regulatory_class", "insulator"),)),
    FeatureKind.ENHANCER: ("regulatory", (("regulatory_class", "enhancer"),)),
    FeatureKind.PROMOTER: ("regulatory", (("regulatory_class", "promoter"),)),
    FeatureKind.POL3_PROMOTER: (
        "regulatory",
        (("regulatory_class", "promoter"), ("note", "read by RNA polymerase III")),
    ),
    FeatureKind.INTRON: ("intron", ()),
    FeatureKind.UTR_5: ("5'UTR", ()),
    FeatureKind.UTR_3: ("3'UTR", ()),
    FeatureKind.KOZAK: ("regulatory", (("regulatory_class", "other"), ("note", "Kozak sequence"))),
    FeatureKind.CDS: ("CDS", ()),
    FeatureKind.SIGNAL_PEPTIDE: ("sig_peptide", ()),
    FeatureKind.RECOMBINOGENIC: ("misc_recomb", ()),
    FeatureKind.REGULATORY: ("regulatory", (("regulatory_class", "other"),)),
    FeatureKind.MIRNA_SITES: ("misc_binding", (("bound_moiety", "{name}"),)),
    FeatureKind.POLYA_SIGNAL: ("regulatory", (("regulatory_class", "polyA_signal_sequence"),)),
    FeatureKind.GUIDE: ("ncRNA", (("ncRNA_class", "guide_RNA"),)),
}

_SPELT = {
    "Α": "Alpha", "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "Δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "κ": "kappa", "λ": "lambda", "μ": "u", "µ": "u", "Ψ": "psi", "ψ": "psi", "Ω": "omega", "′": "'", "″": "''",
    "’": "'", "‘": "'", "“": "'", "”": "'", "→": "->", "–": "-", "—": "-", "−": "-", "×": "x", "·": ".", "≥": ">=",
    "≤": "<=", "…": "...", '"': "'",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class InsdcFeature:
    """One line of a feature table.

    Parameters
    ----------
    key
        The INSDC feature key.
    start, end
        0-based, half-open.
    strand
        The strand it reads on.
    qualifiers
        ``(name, values)`` in the order in which they are written.
    open_start, open_end
        Whether a coding sequence goes on before ``start`` or after ``end``, on another construct.
    """

    key: str
    start: int
    end: int
    strand: Strand
    qualifiers: tuple[tuple[str, tuple[str, ...]], ...]
    open_start: bool = False
    open_end: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """How a stretch is read into protein.

    Parameters
    ----------
    coding
        The coding sequence it belongs to; ``None`` for an open reading frame that is none of those known here.
    offset
        Index of its first base in the designed coding sequence.
    codon_start
        1, 2 or 3: its first base that begins a codon.
    protein
        One-letter residues of its whole codons, without stop.
    from_start, to_end
        Whether the first and the last codon of the coding sequence lie in it.
    """

    coding: CodingSequence | None
    offset: int
    codon_start: int
    protein: str
    from_start: bool
    to_end: bool


def ascii_text(text: str) -> str:
    """Write a text in the letters a GenBank file may hold.

    Greek letters and typographic marks are spelt out, other letters lose their accents, what is left becomes ``?``;
    words too long for a line are parted by a blank.

    Examples
    --------
    >>> ascii_text("5′ ITR ΔTRS, CD3ζ"), ascii_text("Güner  naïve")
    ("5' ITR deltaTRS, CD3zeta", 'Guner naive')
    """
    spelt = "".join(_SPELT.get(letter, letter) for letter in one_line(text))
    plain = unicodedata.normalize("NFKD", spelt)
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = plain.encode("ascii", "replace").decode().replace('"', "'")
    return " ".join(piece for word in plain.split() for piece in _pieces(word))


def _pieces(word: str) -> Iterator[str]:
    """Part a word that is too long for a line, after a mark where there is one."""
    while len(word) > _LONGEST_WORD:
        cut = max(word.rfind(mark, 0, _LONGEST_WORD) for mark in "/@:._-") + 1 or _LONGEST_WORD
        yield word[:cut]
        word = word[cut:]
    yield word


def insdc_features(
    construct: Construct, coding: Sequence[CodingSequence] = (), parts: Sequence[PartUse] = ()
) -> tuple[InsdcFeature, ...]:
    """Return the feature table of a construct, by start; a ``source`` feature stands first.

    Parameters
    ----------
    construct
        What to describe.
    coding
        The coding sequences on it, for products and reading frames.
    parts
        The parts it uses, for lengths, sources and marks of what nobody has checked.

    Notes
    -----
    A feature without length (the cap of an mRNA) has no place in a feature table and is left out.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> cds = Feature(FeatureKind.CDS, "tiny", 2, 11)
    >>> construct = Construct("t", GenomeForm.MRNA, "CCATGAAATAACC", (cds,), (0, 13))
    >>> [(one.key, dict(one.qualifiers).get("translation")) for one in insdc_features(construct)]
    [('source', None), ('CDS', ('MK',))]
    """
    by_key = {part.key: part for part in parts}
    kind = "other RNA" if construct.form.value == "LNP-mRNA" and not construct.circular else "other DNA"
    source = InsdcFeature(
        "source",
        0,
        len(construct.sequence),
        Strand.PLUS,
        (
            ("organism", ("synthetic construct",)),
            ("mol_type", (kind,)),
            ("note", (ascii_text(_about(construct)),)),
        ),
    )
    features = sorted(construct.features, key=lambda one: (one.start, -one.end, one.kind, one.name))
    return (source, *(_insdc(one, construct, coding, by_key) for one in features if len(one)))


def reading_of(feature: Feature, construct: Construct, coding: Sequence[CodingSequence]) -> Reading | None:
    """Find out how a stretch is translated.

    It is either a stretch of a known coding sequence (all of it, or the part that one half of a dual vector carries) or
    an open reading frame of its own from ATG to the only stop. Anything else is not translated: ``None``.

    Examples
    --------
    >>> from revertant.model import GenomeForm
    >>> part = Feature(FeatureKind.CDS, "half", 0, 5)
    >>> reading_of(part, Construct("t", GenomeForm.DUAL_AAV, "AATAA", (part,), (0, 5)), ())
    """
    bases = _as_read(feature, construct)
    for one in coding:
        at = one.designed.find(bases)
        if at >= 0 and one.designed.find(bases, at + 1) < 0:
            first = -at % 3
            whole = (len(bases) - first) // 3 * 3
            protein = translate(bases[first : first + whole])
            to_end = at + len(bases) == len(one.designed)
            return Reading(one, at, first + 1, protein.removesuffix("*"), at == 0, to_end)
    if len(bases) % 3 or not is_dna(bases):
        return None
    protein = translate(bases)
    if protein.startswith("M") and protein.endswith("*") and protein.count("*") == 1:
        return Reading(None, 0, 1, protein[:-1], from_start=True, to_end=True)
    return None


def _as_read(feature: Feature, construct: Construct) -> str:
    bases = construct.bases_of(feature)
    return bases if feature.strand is Strand.PLUS else reverse_complement(bases)


def _insdc(
    feature: Feature, construct: Construct, coding: Sequence[CodingSequence], parts: Mapping[str, PartUse]
) -> InsdcFeature:
    key, fixed = _KEYS.get(feature.kind, ("misc_feature", ()))
    whole = ascii_text(feature.name) or feature.kind.value
    name = short_name(whole)
    qualifiers: dict[str, list[str]] = {}
    for qualifier, value in fixed:
        qualifiers.setdefault(qualifier, []).append(value.format(name=name))
    qualifiers["label"] = [name]
    open_start = open_end = False
    if feature.kind is FeatureKind.CDS:
        reading = reading_of(feature, construct, coding)
        if reading is None:
            # A CDS has to be translated to be one; what cannot be is named and left.
            key = "misc_feature"
            qualifiers.setdefault("note", []).append("coding stretch, not translated here: no frame is known")
        else:
            qualifiers["product"] = [ascii_text(reading.coding.name if reading.coding else "") or name]
            qualifiers["codon_start"] = [str(reading.codon_start)]
            qualifiers["transl_table"] = ["1"]
            qualifiers["translation"] = [reading.protein]
            ends = (not reading.from_start, not reading.to_end)
            open_start, open_end = ends if feature.strand is Strand.PLUS else ends[::-1]
    own = [whole] if whole != name else []
    qualifiers.setdefault("note", []).extend([*own, *_notes(feature, parts.get(feature.part))])
    if key == "misc_feature":
        qualifiers["note"].insert(0, f"kind: {ascii_text(feature.kind.value)}")
    table = tuple((qualifier, tuple(values)) for qualifier, values in qualifiers.items() if values)
    return InsdcFeature(key, feature.start, feature.end, feature.strand, table, open_start, open_end)


def _notes(feature: Feature, part: PartUse | None) -> list[str]:
    notes = [feature.note]
    if feature.part:
        notes.append(f"part: {feature.part}")
    if part is not None:
        notes += [f"source: {source}" for source in part.sources]
        if not part.checked:
            notes.append("unchecked against the primary source")
        if part.note:
            notes.append(part.note)
    return list(dict.fromkeys(ascii_text(note) for note in notes if note.strip()))


def _about(construct: Construct) -> str:
    start, end = construct.packaged
    return f"{construct.name}; form {construct.form.value}; packaged: bases {start + 1} to {end}, {end - start} bp"


def safe_name(text: str, most: int) -> str:
    """Write a name that is fit for a file and for a GenBank locus: letters, digits, dashes and underscores.

    Examples
    --------
    >>> safe_name("SMN1 / AAV9 (α)", 16), safe_name("..", 16)
    ('SMN1-AAV9-alpha', 'construct')
    """
    plain = re.sub(r"[^A-Za-z0-9_]+", "-", ascii_text(text)).strip("-")
    return plain[:most].rstrip("-") or "construct"
