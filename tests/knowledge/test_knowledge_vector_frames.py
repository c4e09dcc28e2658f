"""What a lentiviral genome and a plasmid need beside their cassette, held against independent copies."""

from __future__ import annotations

import csv

import pytest
from Bio import SeqIO

from revertant.knowledge import vector_part
from revertant.model import GenomeForm
from revertant.sequence import reverse_complement, translate

#: 3' end of human tRNA-Lys3, which primes reverse transcription of HIV-1.
TRNA_LYS3_END = "GTCCCTGTTCGGGCGCCA"


def test_the_leader_holds_the_primer_binding_site_and_the_polypurine_tract_ends_the_frame():
    assert vector_part("lv_leader").sequence[1:19] == reverse_complement(TRNA_LYS3_END)
    assert vector_part("lv_ppt").sequence.endswith("AAAAGAAAAGGGGGGA")
    assert vector_part("lv_ltr_3_sin").sequence.startswith("CTGGAAGGGC")


@pytest.mark.parametrize(
    ("key", "component"),
    [("lv_leader", "break1"), ("lv_gag", "break2"), ("lv_env", "break3"), ("lv_ppt", "break9")],
)
def test_frames_stand_in_the_layout_they_come_from(shared_data, key, component):
    path = shared_data / "vectors" / "jbst_vectors_components.tsv"
    with path.open() as handle:
        found = {
            row["component"]: row["sequence"]
            for row in csv.DictReader(handle, delimiter="\t")
            if (row["function"], row["vector_type"]) == ("expression", "lentiviral")
        }
    part = vector_part(key)
    assert part.sequence in found[component]
    assert part.fits(GenomeForm.LENTIVIRAL)
    assert not part.fits(GenomeForm.SINGLE_STRANDED_AAV)


def test_kanamycin_resistance_is_that_of_a_plasmid_and_its_promoter_that_of_aav_plasmids(shared_data):
    folder = shared_data / "vectors" / "plasmids"
    part = vector_part("backbone_kanr").sequence
    coding = part[-816:]
    record = SeqIO.read(folder / "addgene_111577.gbk", "genbank")
    [annotated] = [f for f in record.features if f.qualifiers.get("label") == ["KanR"]]
    assert str(annotated.extract(record.seq)).upper() == coding
    assert translate(coding) == annotated.qualifiers["translation"][0] + "*"
    kanamycin = sorted(folder.glob("pGS-*-Kan-empty.gb"))
    assert len(kanamycin) == 4
    assert all(part[:-816] in str(SeqIO.read(path, "genbank").seq).upper() for path in kanamycin)
