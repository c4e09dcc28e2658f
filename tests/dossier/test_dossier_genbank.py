"""GenBank files: every feature in the right words, the same after a round trip, and read by another reader too."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import gb_io
import pytest
import vector_builder as build
from Bio import SeqIO
from hypothesis import given
from hypothesis import strategies as st

from revertant.dossier.vectors.constructs import construct_texts, placed_constructs
from revertant.dossier.vectors.genbank import fasta_text, genbank_text
from revertant.dossier.vectors.insdc import ascii_text, insdc_features, safe_name
from revertant.errors import InputError
from revertant.model import Construct, Feature, FeatureKind, GenomeForm, PartUse, Strand
from revertant.sequence import reverse_complement, translate

K = FeatureKind
#: Feature keys and vocabularies of the INSDC Feature Table Definition 11.3 that are used here.
KEYS = {
    "source", "repeat_region", "regulatory", "intron", "5'UTR", "3'UTR", "CDS", "sig_peptide", "misc_recomb",
    "misc_binding", "ncRNA", "misc_feature",
}  # fmt: skip
REGULATORY = {"insulator", "enhancer", "promoter", "polyA_signal_sequence", "other"}


def records(plan=None):
    texts = construct_texts(plan or build.vector_plan(*every_vector()))
    return {name: (text, SeqIO.read(io.StringIO(text), "genbank")) for name, text in texts.items() if name.endswith(".gb")}  # fmt: skip


def every_vector():
    return (
        build.smn_vector(),
        build.smn_vector(capsid="AAV8"),
        build.dual_vector(),
        build.lentiviral_vector(),
        build.mrna_vector(),
        build.minus_vector(),
    )


def test_biopython_reads_and_writes_the_same_bytes():
    for name, (text, record) in records().items():
        again = io.StringIO()
        SeqIO.write(record, again, "genbank")
        assert again.getvalue() == text, name


def test_biopython_reads_what_was_meant():
    plan = build.vector_plan(*every_vector())
    found = records(plan)
    assert len(found) == len(placed_constructs(plan)) == 9
    for placed in placed_constructs(plan):
        _, record = found[f"{placed.stem}.gb"]
        construct = placed.construct
        assert str(record.seq) == construct.sequence
        assert record.annotations["topology"] == ("circular" if construct.circular else "linear")
        assert record.annotations["data_file_division"] == "SYN"
        expected = insdc_features(construct, placed.vector.coding, placed.vector.parts)
        assert len(record.features) == len(expected) == 1 + sum(bool(len(one)) for one in construct.features)
        for read, meant in zip(record.features, expected, strict=True):
            assert (read.type, int(read.location.start), int(read.location.end)) == (meant.key, meant.start, meant.end)  # fmt: skip
            assert read.location.strand == (1 if meant.strand is Strand.PLUS else -1)
            assert {key: tuple(values) for key, values in read.qualifiers.items()} == dict(meant.qualifiers)


def test_another_reader_reads_the_same():
    for name, (text, record) in records().items():
        [other] = gb_io.load(io.BytesIO(text.encode("ascii")))
        assert bytes(other.sequence).decode().upper() == str(record.seq), name
        assert (other.name, other.circular, other.division) == (record.name, record.annotations["topology"] == "circular", "SYN")  # fmt: skip
        assert other.molecule_type == record.annotations["molecule_type"]
        assert [one.kind for one in other.features] == [one.type for one in record.features]
        for one, mine in zip(other.features, record.features, strict=True):
            # This reader gives a place on the other strand from its end to its start.
            minus = isinstance(one.location, gb_io.Complement)
            ends = (one.location.start, one.location.end)
            assert (ends[::-1] if minus else ends) == (int(mine.location.start), int(mine.location.end))
            assert mine.location.strand == (-1 if minus else 1)
            read = {qualifier.key: re.sub(r"\s", "", qualifier.value or "") for qualifier in one.qualifiers}
            for key, values in mine.qualifiers.items():
                assert read[key] == re.sub(r"\s", "", values[-1])


def test_every_coding_sequence_translates_to_what_stands_beside_it():
    count = 0
    for name, (_, record) in records().items():
        for feature in record.features:
            if feature.type != "CDS":
                continue
            count += 1
            bases = str(feature.extract(record.seq))[int(feature.qualifiers["codon_start"][0]) - 1 :]
            assert translate(bases).removesuffix("*") == feature.qualifiers["translation"][0], name
    assert count == 9


def test_halves_of_a_dual_vector_are_open_where_the_protein_goes_on():
    found = records(build.vector_plan(build.dual_vector()))
    texts = [text for text, _ in found.values()]
    assert re.search(r"CDS +363\.\.>3313\n", texts[0])
    assert re.search(r"CDS +<259\.\.3211\n", texts[1])
    halves = [
        next(one for one in record.features if one.type == "CDS").qualifiers for _, record in found.values()
    ]
    cds = build.dual_vector().coding[0]
    # The codon that the cut runs through belongs to neither half.
    assert halves[0]["translation"][0] == cds.protein[: 2951 // 3]
    assert halves[1]["translation"][0] == cds.protein[2951 // 3 + 1 :]
    assert (halves[0]["codon_start"], halves[1]["codon_start"]) == (["1"], ["2"])


def test_a_cassette_on_the_other_strand_reads_there():
    [(_, record)] = records(build.vector_plan(build.minus_vector())).values()
    [cds] = [one for one in record.features if one.type == "CDS"]
    assert cds.location.strand == -1
    assert cds.qualifiers["translation"] == [build.SMN]


def test_keys_and_controlled_values_are_those_of_the_standard():
    for kind in FeatureKind:
        feature = Feature(kind, "it", 0, 9)
        construct = Construct("c", GenomeForm.MRNA, "ATGGCATAA", (feature,), (0, 9))
        source, written = insdc_features(construct)
        values = dict(written.qualifiers)
        assert {source.key, written.key} <= KEYS
        assert set(values.get("regulatory_class", ())) <= REGULATORY
        assert values["label"] == ("it",)
        if written.key in {"regulatory", "repeat_region", "misc_binding", "ncRNA"}:
            # These keys have a qualifier without which a record is not valid.
            assert values.keys() & {"regulatory_class", "rpt_type", "bound_moiety", "ncRNA_class"}


def test_parts_bring_their_key_sources_and_mark():
    part = PartUse("prom", "P", K.PROMOTER, 9, ("doi:10.1/a", "PMID:1"), checked=False, note="mind it")
    feature = Feature(K.PROMOTER, "P", 0, 9, Strand.PLUS, "prom", "own note")
    construct = Construct("c", GenomeForm.SINGLE_STRANDED_AAV, "ACGTACGTA", (feature,), (0, 9))
    _, written = insdc_features(construct, parts=(part,))
    assert dict(written.qualifiers)["note"] == (
        "own note", "part: prom", "source: doi:10.1/a", "source: PMID:1", "unchecked against the primary source", "mind it",
    )  # fmt: skip


def test_a_long_name_is_short_as_a_label_and_whole_as_a_note():
    feature = Feature(K.PROMOTER, "CBh: CMV enhancer, hybrid intron", 0, 9, Strand.PLUS, "cbh", "said twice")
    part = PartUse(
        "cbh", "CBh", K.PROMOTER, 9, ("repository:a/b@" + "0f" * 20,), checked=True, note="said twice"
    )
    _, written = insdc_features(
        Construct("c", GenomeForm.MRNA, "ACGTACGTA", (feature,), (0, 9)), parts=(part,)
    )
    values = dict(written.qualifiers)
    assert values["label"] == ("CBh",)
    # A word that no line holds is parted after a mark, so that the digest in it stays whole.
    assert values["note"] == (
        "CBh: CMV enhancer, hybrid intron", "said twice", "part: cbh", f"source: repository:a/b@ {'0f' * 20}",
    )  # fmt: skip


def test_what_has_no_frame_is_not_called_a_coding_sequence():
    for bases in ("ATGGCATAAT", "GCAGCATAA", "ATGTAATAA", "ATGGCANNN"):
        feature = Feature(K.CDS, "x", 0, len(bases))
        construct = Construct("c", GenomeForm.MRNA, bases, (feature,), (0, len(bases)))
        _, written = insdc_features(construct)
        assert written.key == "misc_feature"
        assert "no frame is known" in " ".join(dict(written.qualifiers)["note"])


NAMES = st.text(max_size=60)


@given(
    st.lists(
        st.tuples(st.sampled_from(FeatureKind), NAMES, NAMES, st.integers(0, 60), st.integers(0, 60), st.sampled_from(Strand)),
        max_size=6,
    ),
    NAMES,
    st.booleans(),
)  # fmt: skip
def test_any_names_survive_both_readers(rows, name, circular):
    sequence = "ATGGCA" * 10
    features = tuple(
        Feature(kind, label, min(a, b), max(a, b), strand, "", note) for kind, label, note, a, b, strand in rows
    )  # fmt: skip
    construct = Construct(name, GenomeForm.SINGLE_STRANDED_AAV, sequence, features, (0, 60), circular)
    text = genbank_text(construct, comment=name)
    record = SeqIO.read(io.StringIO(text), "genbank")
    expected = insdc_features(construct)
    assert [(one.type, {k: tuple(v) for k, v in one.qualifiers.items()}) for one in record.features] == [
        (one.key, dict(one.qualifiers)) for one in expected
    ]
    again = io.StringIO()
    SeqIO.write(record, again, "genbank")
    assert again.getvalue() == text
    [other] = gb_io.load(io.BytesIO(text.encode("ascii")))
    assert len(other.features) == len(expected)


@given(NAMES)
def test_names_are_safe(text):
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,15}", safe_name(text, 16))
    assert ascii_text(text).isascii()
    assert ascii_text(ascii_text(text)) == ascii_text(text)


def test_names_of_files_and_loci_are_unique():
    vector = build.smn_vector()
    twins = [
        build.assemble(name, GenomeForm.SINGLE_STRANDED_AAV, [(K.STUFFER, "s", "ACGT" * size, "")])
        for size, name in enumerate(["../x", "X", "x/", "a" * 90, "a" * 90], start=1)
    ]
    placed = placed_constructs(build.vector_plan(replace(vector, constructs=tuple(twins), full_length=(), plasmids=())))  # fmt: skip
    assert len({one.stem.lower() for one in placed}) == len({one.locus.lower() for one in placed}) == 5
    assert not [one for one in placed if "/" in one.stem or len(one.stem) > 60 or len(one.locus) > 16]


def test_designs_that_share_a_genome_share_its_file():
    first = build.smn_vector()
    plan = build.vector_plan(first, replace(first, capsid_name="AAVrh10", capsid="aavrh10"))
    assert [len(one.designs) for one in placed_constructs(plan)] == [2, 2]


def test_fasta_holds_the_same_bases():
    construct = build.smn_vector().constructs[0]
    record = SeqIO.read(io.StringIO(fasta_text(construct)), "fasta")
    assert str(record.seq) == construct.sequence
    assert "scAAV linear 2133 bp" in record.description


@pytest.mark.parametrize(
    ("sequence", "feature"),
    [("", None), ("ACGU", None), ("ACG T", None), ("ACGT", Feature(K.ITR, "ITR", 2, 9))],
)
def test_what_cannot_be_written_is_refused(sequence, feature):
    construct = Construct("c", GenomeForm.MRNA, sequence, (feature,) if feature else (), (0, 4))
    for write in (genbank_text, fasta_text):
        with pytest.raises(InputError) as caught:
            write(construct)
        assert caught.value.remedy


def test_real_plasmids_keep_their_bases_and_proteins(shared_data):
    """Plasmids from elsewhere, written by us, have the bases they had, and proteins as their makers wrote them."""
    compared = 0
    for path in sorted((shared_data / "vectors" / "plasmids").glob("*.gb*")):
        [record] = gb_io.load(str(path))
        bases = bytes(record.sequence).decode().upper()
        theirs, features = [], []
        for one in record.features:
            values = {qualifier.key: qualifier.value for qualifier in one.qualifiers}
            if (
                one.kind != "CDS"
                or "translation" not in values
                or not isinstance(one.location, gb_io.Range | gb_io.Complement)
            ):
                continue
            start, end = sorted((one.location.start, one.location.end))
            strand = Strand.MINUS if isinstance(one.location, gb_io.Complement) else Strand.PLUS
            read = bases[start:end] if strand is Strand.PLUS else reverse_complement(bases[start:end])
            if read.startswith("ATG") and read.endswith(("TAA", "TAG", "TGA")):
                theirs.append(re.sub(r"[^A-Z]", "", values["translation"]))
                features.append(Feature(K.CDS, values.get("label") or "CDS", start, end, strand))
        construct = Construct(
            "p", GenomeForm.SINGLE_STRANDED_AAV, bases, tuple(features), (0, 10), circular=True
        )
        [again] = gb_io.load(io.BytesIO(genbank_text(construct).encode()))
        assert bytes(again.sequence).decode().upper() == bases
        ours = [
            re.sub(r"\s", "", value.value)
            for one in again.features
            for value in one.qualifiers
            if value.key == "translation"
        ]
        assert sorted(ours) == sorted(theirs), path.name
        compared += len(ours)
    assert compared >= 10
