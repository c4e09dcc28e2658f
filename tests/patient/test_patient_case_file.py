"""``case.yaml``: what it says, how it joins a phenopacket, and every way it can be wrong."""

from __future__ import annotations

import contextlib
import json
import os
import socket

import pytest
import yaml

from revertant.errors import ProblemsError
from revertant.model import (
    AntigenLoss,
    CellProduct,
    CellSource,
    CopyNumber,
    EditingPlace,
    EditMethod,
    EscapeInputs,
    Intent,
    LymphodepletingDrug,
    Measurement,
    Mechanism,
    Pathogenicity,
    Serology,
    Sex,
    TargetCells,
    TumourState,
    Zygosity,
)
from revertant.patient import case_fields, read_case
from revertant.patient.case_file import read_case_file
from revertant.patient.countries import JURISDICTIONS
from revertant.patient.expressions import vcf
from revertant.patient.problems import Problems
from revertant.patient.scalars import Unreadable

FULL = """\
id: sickle-demo
subject:
  id: SECRET-PERSON
  sex: female
  age: P12Y6M
  weight_kg: 41.5
diseases:
  - id: OMIM:603903
    label: Sickle cell disease
variants:
  - hgvs: [NM_000518.5:c.20A>T, NC_000011.10:g.5227002T>A]
    spdi: NC_000011.10:5227001:T:A
    vcf: chr11:5227002:T:A
    rsid: rs334
    edit: "CAGTAACGGCAGACTTCTCC(A/T)CAG"
    zygosity: homozygous
    pathogenicity: Likely pathogenic
    gene: HBB
    mechanism: gain-of-function
    phase: maternal
    build: hg38
    origin: germline
intent: treatment
target_cells: somatic
jurisdiction: NO
consent: yes
editing_place: ex_vivo
tissue: haematopoietic stem cell
transcript: NM_000518.5
serology:
  - target: AAV9
    assay: nab
    titre: 1:50
    date: 2026-03-01
    laboratory: 007
  - {target: SpCas9, assay: TAb, titre: "<1:50"}
copy_numbers:
  - {gene: SMN1, copies: 0, method: mlpa, date: 2026-03-02, laboratory: 007}
  - {gene: SMN2, copies: ">=4", method: in silico}
measurements:
  - {name: alt, value: 1.2, unit: x_ULN, date: 2026-03-02}
last_treatments: {live vaccine: 2026-01-05}
conditions:
  active infection: no
  ambulatory: yes
  pregnant:
hla: [HLA-A*02:01, DRB1*15:01, DRB1*15:01]
cells:
  antigens: [CD19, CD22]
  source: allogeneic
  donor_hla: A*02:01
  knock_in: yes
  alemtuzumab: no
  checkpoint: yes
  knock_out: [TRBC1, trbc2]
  keep: CIITA
  edit_first: nuclease
  dose_cells: 2e8
  dose_cells_per_kg:
  lymphodepletion:
    - {drug: Fludarabine, mg_per_m2: 30, days: 4}
    - {drug: cyclophosphamide}
tumour:
  marrow_blast_share: 0.6
  escape:
    burden_cells: 1e11
    losses:
      - {antigen: CD19, per_division: 1e-7, negative_share: 0.001}
      - {antigen: CD22, per_division: 2e-7}
    joint_loss_per_division: 1e-9
    joint_negative_share: 0
    doubling_days: 5
files:
  reference: ref.fa
  models: ref.gtf
  vcf: calls.vcf.gz
  sample: S1
  reads: reads.bam
  expression: tumour.tsv
  expression_unit: tpm
  normal_expression: normal.tsv
  clusters: clusters.tsv
  group_column: cell_type
  cluster_column: leiden
  malignant_label: tumor
  gene_column: feature_name
  matrix_layer: counts
  cell_matrix: cells.mtx
  cell_genes: genes.tsv
  cell_labels: labels.tsv
  surfaceome: surface.txt
  symbols: hgnc.txt
"""
SMALL = "id: c\nvariants:\n  - hgvs: NM_000518.5:c.20A>T\n"


@pytest.fixture
def read(tmp_path):
    def reader(text, name="case.yaml"):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_case(file)

    return reader


@pytest.fixture
def full(tmp_path, read):
    genome = ("ref.fa", "ref.gtf", "calls.vcf.gz", "reads.bam")
    tables = ("tumour.tsv", "normal.tsv", "clusters.tsv", "cells.mtx", "genes.tsv", "labels.tsv")
    for name in (*genome, *tables, "surface.txt", "hgnc.txt"):
        (tmp_path / name).touch()
    return read(FULL)


def test_every_field(full, tmp_path):
    assert (full.case_id, full.subject.sex, full.subject.age_years) == ("sickle-demo", Sex.FEMALE, 12.5)
    assert full.subject.weight_kg == 41.5
    variant = full.variants[0]
    assert variant.expressions == (
        "NM_000518.5:c.20A>T",
        "NC_000011.10:g.5227002T>A",
        "NC_000011.10:5227001:T:A",
        "chr11:5227002:T:A",
        "rs334",
        "CAGTAACGGCAGACTTCTCC(A/T)CAG",
    )
    assert variant.zygosity is Zygosity.HOMOZYGOUS
    assert variant.pathogenicity is Pathogenicity.LIKELY_PATHOGENIC
    assert variant.mechanism is Mechanism.GAIN_OF_FUNCTION
    assert (variant.gene, variant.phase, variant.build) == ("HBB", "maternal", "GRCh38")
    assert (full.intent, full.target_cells) == (Intent.TREATMENT, TargetCells.SOMATIC)
    assert (full.consent, full.editing_place) == (True, EditingPlace.EX_VIVO)
    assert full.files.reference == str(tmp_path / "ref.fa")
    assert full.files.sample == "S1"
    assert full.files.reads == str(tmp_path / "reads.bam")
    assert full.copy_numbers == (
        CopyNumber("SMN1", 0, 0, "MLPA", "2026-03-02", "007"),
        CopyNumber("SMN2", 4, None, "in_silico"),
    )
    assert full.measurements == (Measurement("ALT", 1.2, "x_ULN", "2026-03-02"),)
    assert full.last_treatments == (("live_vaccine", "2026-01-05"),)
    assert full.conditions == (("active_infection", False), ("ambulatory", True))
    assert full.hla == ("A*02:01", "DRB1*15:01", "DRB1*15:01")
    assert full.cells == CellProduct(
        ("CD19", "CD22"),
        CellSource.ALLOGENEIC,
        ("A*02:01",),
        knock_in=True,
        checkpoint=True,
        knock_out=("TRBC1", "TRBC2"),
        keep=("CIITA",),
        edit_first=EditMethod.NUCLEASE,
        dose_cells=2e8,
        lymphodepletion=(LymphodepletingDrug("fludarabine", 30, 4), LymphodepletingDrug("cyclophosphamide")),
    )
    assert full.tumour == TumourState(
        0.6,
        EscapeInputs(
            1e11, (AntigenLoss("CD19", 1e-7, 0.001), AntigenLoss("CD22", 2e-7)), 1e-9, 0.0, doubling_days=5
        ),
    )
    assert full.files.surfaceome == str(tmp_path / "surface.txt")
    assert full.files.symbols == str(tmp_path / "hgnc.txt")
    assert full.files.expression == str(tmp_path / "tumour.tsv")
    assert full.files.expression_unit == "TPM"
    columns = (full.files.group_column, full.files.cluster_column, full.files.malignant_label)
    assert columns == ("cell_type", "leiden", "tumor")
    assert (full.files.gene_column, full.files.matrix_layer) == ("feature_name", "counts")
    assert "SECRET" not in repr(full)


def test_yaml_guesses_nothing(full):
    """Norway is not false, 1:50 is not 110, 007 is not 7, a date stays text."""
    assert full.jurisdiction == "NO"
    assert full.serology == (
        Serology("AAV9", "NAb", 50.0, below=False, date="2026-03-01", laboratory="007"),
        Serology("SpCas9", "TAb", 50.0, below=True),
    )
    assert yaml.safe_load("NO") is False
    assert yaml.safe_load("1:50") == 110


def test_every_field_is_documented_and_every_documented_field_is_read(full):
    """The full case above uses each documented field, and nothing else is documented."""
    stated = set()

    def walk(node, path):
        for key, value in node.items():
            place = f"{path}.{key}" if path else key
            if isinstance(value, dict):
                stated.add(place)
                # The keys of conditions and of treatments are words of a catalogue, not fields.
                walk(value if key not in {"conditions", "last_treatments"} else {}, place)
            elif isinstance(value, list) and isinstance(value[0], dict):
                stated.add(f"{place}[]")
                for one in value:
                    walk(one, f"{place}[]")
            else:
                stated.add(place)

    walk(yaml.safe_load(FULL), "")
    documented = {path for path, _, _ in case_fields()}
    assert documented - stated == {"phenopacket"}
    assert stated <= documented
    assert all(kind and meaning.endswith((".", ":")) for _, kind, meaning in case_fields())


@pytest.mark.parametrize(
    "text",
    [
        SMALL,
        "\ufeff" + SMALL,
        SMALL.replace("\n", "\r\n"),
        SMALL.rstrip(),
        "---\n" + SMALL + "...\n",
        "# comment\n" + SMALL + "age:\n".replace("age", "tissue"),
        SMALL + "serology: []\nfiles: {}\nconsent: null\n",
        '{"id": "c", "variants": [{"hgvs": "NM_000518.5:c.20A>T"}]}',
    ],
)
def test_ways_to_write_the_same(read, text):
    case = read(text)
    assert (case.case_id, case.consent) == ("c", None)
    assert case.subject.subject_id == "c"
    assert case.variants[0].expressions == ("NM_000518.5:c.20A>T",)


def test_file_without_ending_is_told_by_its_content(read):
    assert read(SMALL, "case").case_id == "c"
    with pytest.raises(ProblemsError, match="subject"):
        read('{"id": "x"}', "packet")


V = "variants:\n  - hgvs: NM_000518.5:c.20A>T\n"
ID = "id: c\n"
BAD = [
    ("- a\n- b\n", "line 1", "no keys"),
    ("just words", "line 1", "no keys"),
    (V, "id", "missing"),
    ("id:\n" + V, "id", "missing"),
    ("id: [a]\n" + V, "id", "should be text"),
    ('id: "a\\nb"\n' + V, "id", "control characters"),
    (ID, "variants", "no variant"),
    (ID + "variants: []", "variants", "no variant"),
    (ID + "variants: rs334", "variants", "should be a list"),
    (ID + "variants: [rs334]", "variants[0]", "should be a mapping"),
    (ID + "variants: [{gene: HBB}]", "variants[0]", "no expression"),
    (ID + "variants: [{hgvs: c.20A>T}]", "variants[0].hgvs", "not an HGVS"),
    (ID + "variants: [{hgvs: NP_000509.1:p.Glu7Val}]", "variants[0].hgvs", "change of DNA"),
    (ID + "variants: [{hgvs: [NM_1.1:c.2A>T, rs335]}]", "variants[0].hgvs[1]", "not an HGVS"),
    (ID + "variants: [{hgvs: [[a]]}]", "variants[0].hgvs[0]", "should be"),
    (ID + "variants: [{vcf: chr11-5227002-T-A}]", "variants[0].vcf", "not a VCF-like"),
    (ID + "variants: [{vcf: 'chr11:0:T:A'}]", "variants[0].vcf", "not a VCF-like"),
    (ID + "variants: [{spdi: 'NC_1:x:T:A'}]", "variants[0].spdi", "not a SPDI"),
    (ID + "variants: [{rsid: 334}]", "variants[0].rsid", "not an rsID"),
    (ID + V + "    zygosity: homozygus", "variants[0].zygosity", "Did you mean 'homozygous'?"),
    (ID + V + "    zygocity: homozygous", "variants[0].zygocity", "Did you mean 'zygosity'?"),
    (ID + V + "    pathogenicity: VUS", "variants[0].pathogenicity", "uncertain_significance"),
    (ID + V + "    gene: 'H B B'", "variants[0].gene", "not a gene symbol"),
    (ID + V + "    build: hg17", "variants[0].build", "not a genome build"),
    (ID + V + "varients: []", "varients", "Did you mean 'variants'?"),
    (ID + V + "subject: female", "subject", "should be a mapping"),
    (ID + V + "subject: {sex: F}", "subject.sex", "not one of its words"),
    (ID + V + "subject: {age: -1}", "subject.age", "not a plain number"),
    (ID + V + "subject: {age: 131}", "subject.age", "outside 0 to 130"),
    (ID + V + "subject: {age: P}", "subject.age", "ISO 8601"),
    (ID + V + "subject: {age: P1YT}", "subject.age", "ISO 8601"),
    (ID + V + "subject: {weight_kg: 70 kg}", "subject.weight_kg", "not a plain number"),
    (ID + V + "subject: {weight_kg: '12,5'}", "subject.weight_kg", "point for decimals"),
    (ID + V + "subject: {weight_kg: 0.1}", "subject.weight_kg", "outside 0.2 to 400"),
    (ID + V + "subject: {weight_kg: 4000}", "subject.weight_kg", "outside 0.2 to 400"),
    (ID + V + "subject: {weight_kg: .nan}", "subject.weight_kg", "not a plain number"),
    (ID + V + "subject: {weight_kg: 1e400}", "subject.weight_kg", "not a plain number"),
    (ID + V + "subject: {weight_kg: １２}", "subject.weight_kg", "not a plain number"),
    (ID + V + "diseases: [{label: x}]", "diseases[0].id", "missing"),
    (ID + V + "intent: cure", "intent", "treatment"),
    (ID + V + "target_cells: embryos", "target_cells", "Did you mean 'embryo'?"),
    (ID + V + "jurisdiction: no", "jurisdiction", "NO if that country"),
    (ID + V + "jurisdiction: UK", "jurisdiction", "GB"),
    (ID + V + "jurisdiction: Norway", "jurisdiction", "two-letter"),
    (ID + V + "jurisdiction: XX", "jurisdiction", "two-letter"),
    (ID + V + "consent: maybe", "consent", "yes or no"),
    (ID + V + "consent: 1", "consent", "yes or no"),
    (ID + V + "editing_place: in vitro", "editing_place", "in_vivo"),
    (ID + V + "serology: [{target: AAV9, titre: 1:50}]", "serology[0].assay", "missing"),
    (ID + V + "serology: [{target: A, assay: ELISA, titre: 1:50}]", "serology[0].assay", "TAb"),
    (ID + V + "serology: [{target: A, assay: NAb, titre: '>1:50'}]", "serology[0].titre", "not a titre"),
    (ID + V + "serology: [{target: A, assay: NAb, titre: '1:0'}]", "serology[0].titre", "not a titre"),
    (
        ID + V + "serology: [{target: A, assay: NAb, titre: 1, date: 2026-02-30}]",
        "serology[0].date",
        "calendar",
    ),
    (
        ID + V + "serology: [{target: A, assay: NAb, titre: 1, date: 20260201}]",
        "serology[0].date",
        "calendar",
    ),
    (ID + V + "files: {reference: nowhere.fa}", "files.reference", "no such file"),
    (ID + V + "files: {vcf: https://example.org/a.vcf}", "files.vcf", "not fetched"),
    (ID + V + "files: {vcf: .}", "files.vcf", "no such file"),
    (ID + V + "phenopacket: nowhere.json", "phenopacket", "no such file"),
    (ID + V + "id: d", "line 4", "stands twice"),
    (ID + V + "? [a, b]\n: c", "line 4", "not a plain word"),
    (ID + V + "tissue: &x liver\ntranscript: *x", "line 4", "anchor"),
    (ID + V + "tissue: !!python/object/apply:os.system [ls]", "line 4", "tag"),
    (ID + V + "<<: {tissue: liver}", "<<", "not known"),
    (ID + V + "---\nid: d", "line 5", "second document"),
    (ID + "variants: [", "", "not valid YAML"),
    (ID + "\tvariants: a", "", "not valid YAML"),
    (ID + "tissue: 'open", "", "not valid YAML"),
    (ID + "x: " + "[" * 40 + "]" * 40, "line 2", "levels"),
    ("[" * 10_000, "line 1", "levels"),
    (ID + "tissue: a\x00b", "", "not valid YAML"),
    ("a: " + "b" * 300_000, "", "larger than 64,000"),
    ("", "", "empty"),
]


@pytest.mark.parametrize(
    ("text", "where", "says"), BAD, ids=[f"{i}-{w}-{s}" for i, (_, w, s) in enumerate(BAD)]
)
def test_bad_case_files(read, text, where, says):
    with pytest.raises(ProblemsError) as caught:
        read(text)
    error = caught.value
    assert error.exit_status == 3
    assert error.where == "case.yaml"
    assert all(problem.what and problem.remedy for problem in error.problems)
    first = error.problems[0]
    assert first.where.startswith(where)
    assert says in str(first)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (SMALL.encode("utf-16"), "UTF-16"),
        (b"id: caf\xe9\n", "not UTF-8"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"\x00\x01\x02", "not valid YAML"),
    ],
)
def test_bad_bytes(read, data, says):
    with pytest.raises(ProblemsError, match=says):
        read(data)


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ProblemsError, match="no such file"):
        read_case(tmp_path / "nowhere.yaml")
    with pytest.raises(ProblemsError, match="folder"):
        read_case(tmp_path)
    with pytest.raises(ProblemsError, match="cannot be opened"):
        read_case(tmp_path / "a\0b.yaml")


def special_file(folder, kind):
    """Make what is there but is no regular file; return its path."""
    path = folder / "odd"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        # The address of a socket may be 108 bytes long only, so it is bound by a relative path.
        with contextlib.chdir(folder), socket.socket(socket.AF_UNIX) as one:
            one.bind("odd")
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.mkdir()
    return path


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_a_case_that_is_no_regular_file_is_refused_at_once(tmp_path, kind):
    with pytest.raises(ProblemsError, match="not a regular file"):
        read_case(special_file(tmp_path, kind))


@pytest.mark.parametrize("field", ["files: {reference: odd}", "files: {vcf: odd}", "phenopacket: odd"])
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "folder"])
def test_a_named_file_that_is_no_regular_file_is_refused_at_once(tmp_path, read, kind, field):
    special_file(tmp_path, kind)
    with pytest.raises(ProblemsError, match="not a regular file"):
        read(f"id: c\nvariants: [{{rsid: rs1}}]\n{field}\n")


@pytest.mark.parametrize("stated", ["loop", "loop/inside.fa", "case.yaml/x", "nowhere"])
def test_a_path_that_leads_nowhere_is_a_problem(tmp_path, read, stated):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(ProblemsError, match="no such file") as caught:
        read(f"id: c\nvariants: [{{rsid: rs1}}]\nfiles: {{reference: {stated}}}\n")
    assert [problem.where for problem in caught.value.problems] == ["files.reference"]


def test_a_path_that_is_too_long_is_a_problem(tmp_path):
    problems = Problems("case.yaml")
    text = "id: c\nvariants: [{rsid: rs1}]\nfiles: {reference: r.fa}\n"
    read_case_file(text, tmp_path.joinpath(*["x" * 200] * 30), problems)
    assert "too long" in problems.found[0].what
    with pytest.raises(ProblemsError, match="too long"):
        read_case(tmp_path / ("x" * 300 + ".yaml"))


def test_a_case_file_behind_a_loop_is_a_problem(tmp_path):
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    with pytest.raises(ProblemsError, match="cannot be opened"):
        read_case(tmp_path / "loop.yaml")


def test_all_problems_at_once(read):
    with pytest.raises(ProblemsError) as caught:
        read("subject: {age: x, sex: y}\nvariants: [{zygosity: z}]\nintent: a\nfoo: b\n")
    places = [problem.where.split(" ")[0] for problem in caught.value.problems]
    assert sorted(places) == ["foo", "id", "intent", "subject.age", "subject.sex", "variants[0].zygosity"]


def test_the_codes_are_the_standards():
    assert len(JURISDICTIONS) == 249 + 1
    assert {"NO", "GB", "US", "EU", "ZW"} <= JURISDICTIONS
    assert "UK" not in JURISDICTIONS


# --- a phenopacket and a case file together -------------------------------------------------------------------


PACKET = {
    "id": "packet",
    "subject": {
        "id": "SECRET-PERSON",
        "sex": "FEMALE",
        "timeAtLastEncounter": {"age": {"iso8601duration": "P10Y"}},
    },
    "interpretations": [
        {
            "id": "i",
            "diagnosis": {
                "disease": {"id": "OMIM:603903"},
                "genomicInterpretations": [
                    {
                        "subjectOrBiosampleId": "SECRET-PERSON",
                        "interpretationStatus": "CAUSATIVE",
                        "variantInterpretation": {
                            "variationDescriptor": {
                                "id": "v",
                                "expressions": [{"syntax": "hgvs.c", "value": "NM_000518.5:c.20A>T"}],
                                "allelicState": {"id": "GENO:0000136", "label": "homozygous"},
                            }
                        },
                    }
                ],
            },
        }
    ],
}


@pytest.fixture
def both(tmp_path, read):
    def reader(text, tree=PACKET):
        (tmp_path / "packet.json").write_text(json.dumps(tree), encoding="utf-8")
        return read(f"id: c\nphenopacket: packet.json\n{text}")

    return reader


def test_the_case_file_adds(both):
    case = both(
        "subject: {weight_kg: 30, age: 11}\n"
        "variants: [{hgvs: NM_000518.5:c.20A>T, vcf: 'chr11:5227002:T:A', pathogenicity: pathogenic}, {rsid: rs1}]\n"
        "diseases: [{id: OMIM:603903, label: Sickle}]\n"
    )
    assert (case.case_id, case.subject.sex, case.subject.age_years) == ("c", Sex.FEMALE, 11)
    assert [variant.expressions for variant in case.variants] == [
        ("NM_000518.5:c.20A>T", "chr11:5227002:T:A"),
        ("rs1",),
    ]
    assert case.variants[0].zygosity is Zygosity.HOMOZYGOUS
    assert case.variants[0].pathogenicity is Pathogenicity.PATHOGENIC
    assert [(disease.disease_id, disease.label) for disease in case.diseases] == [("OMIM:603903", "Sickle")]


def test_without_a_word_more_the_phenopacket_stands(both):
    case = both("")
    assert (case.subject.age_years, len(case.variants), case.intent) == (10, 1, Intent.TREATMENT)


def test_the_case_file_supplies_the_variant_a_phenopacket_lacks(both):
    tree = {key: value for key, value in PACKET.items() if key != "interpretations"}
    assert both("variants: [{rsid: rs334}]", tree).variants[0].expressions == ("rs334",)
    with pytest.raises(ProblemsError, match="interpretations"):
        both("", tree)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("subject: {sex: male}", "subject.sex"),
        ("subject: {age: 9}", "subject.age"),
        ("subject: {age: 0}", "subject.age"),
        ("subject: {id: SECRET-OTHER}", "subject.id"),
        ("variants: [{hgvs: NM_000518.5:c.20A>T, zygosity: heterozygous}]", "variants[0].zygosity"),
    ],
)
def test_contradictions_are_problems(both, text, where):
    with pytest.raises(ProblemsError) as caught:
        both(text)
    assert [problem.where for problem in caught.value.problems] == [where]
    assert "SECRET" not in str(caught.value)


def test_the_same_subject_id_in_both_files_is_no_contradiction(both):
    assert both("subject: {id: SECRET-PERSON}").subject.subject_id == "SECRET-PERSON"


def test_somatic_cells_of_a_fetus_are_a_contradiction(both):
    unborn = {"gestationalAge": {"weeks": 20}}
    tree = PACKET | {"subject": {"id": "SECRET-PERSON", "timeAtLastEncounter": unborn}}
    with pytest.raises(ProblemsError, match="gestational age") as caught:
        both("target_cells: somatic", tree)
    assert [problem.where for problem in caught.value.problems] == ["target_cells"]
    assert both("", tree).target_cells is TargetCells.FETAL
    assert both("target_cells: fetal", tree).target_cells is TargetCells.FETAL
    born = both("target_cells: somatic\nsubject: {age: P2M}", tree)
    assert born.target_cells is TargetCells.SOMATIC


def test_problems_of_both_files_are_told_at_once(both):
    with pytest.raises(ProblemsError) as caught:
        both("intent: x\n", {"id": 7, "subjekt": {}})
    places = [problem.where for problem in caught.value.problems]
    assert places == ["intent (line 3)", "phenopacket: id", "phenopacket: subjekt"]
    assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("text", ["chrX:31967339-31969014:<DEL>", "chrX:1-9:<DUP>", "chrX:1-9:<INV>"])
def test_a_symbolic_allele_with_exact_ends_is_an_expression(text):
    assert vcf(text) == text


@pytest.mark.parametrize("text", ["chrX:1-9:<INS>", "chrX:0-9:<DEL>", "chrX:9:<DEL>", "chrX:1-9:DEL"])
def test_other_symbols_are_none(text):
    with pytest.raises(Unreadable):
        vcf(text)


LABORATORY = {
    "gene missing": ("copy_numbers:\n  - {copies: 2, method: MLPA}", "copy_numbers[0].gene"),
    "method missing": ("copy_numbers:\n  - {gene: SMN1, copies: 2}", "copy_numbers[0].method"),
    "method unknown": ("copy_numbers:\n  - {gene: SMN1, copies: 2, method: PCR}", "copy_numbers[0].method"),
    "copies backwards": ("copy_numbers:\n  - {gene: S, copies: 4-3, method: MLPA}", "copy_numbers[0].copies"),
    "copies in words": ("copy_numbers:\n  - {gene: S, copies: two, method: MLPA}", "copy_numbers[0].copies"),
    "measurement unknown": ("measurements:\n  - {name: height, value: 1, unit: U/L}", "measurements[0].name"),
    "unit unknown": ("measurements:\n  - {name: ALT, value: 1, unit: ukat/L}", "measurements[0].unit"),
    "no limit for platelets": (
        "measurements:\n  - {name: platelets, value: 1, unit: x_ULN}",
        "measurements[0].unit",
    ),
    "value negative": ("measurements:\n  - {name: ALT, value: -1, unit: U/L}", "measurements[0].value"),
    "condition unknown": ("conditions: {active_infektion: no}", "conditions.active_infektion"),
    "condition not answered": ("conditions: {ambulatory: maybe}", "conditions.ambulatory"),
    "condition twice": ("conditions: {ambulatory: yes, Ambulatory: no}", "conditions.Ambulatory"),
    "conditions as a list": ("conditions: [ambulatory]", "conditions"),
    "hla without gene": ("hla: 02:01", "hla"),
    "gene that is not edited": ("cells: {knock_out: TP53}", "cells.knock_out"),
    "way that does not exist": ("cells: {edit_first: knock_in}", "cells.edit_first"),
    "reads not there": ("files: {reads: no.bam}", "files.reads"),
}


@pytest.mark.parametrize(("text", "place"), LABORATORY.values(), ids=LABORATORY)
def test_what_a_laboratory_says_is_refused_by_name(read, text, place):
    with pytest.raises(ProblemsError) as caught:
        read(SMALL + text)
    places = [problem.where.split(" ")[0] for problem in caught.value.problems]
    assert places == [place]


def test_copies_of_a_gene_can_stand_in_for_variants(read):
    case = read("id: c\ncopy_numbers:\n  - {gene: SMN1, copies: 0, method: MLPA}\n")
    assert (case.variants, case.copy_numbers) == ((), (CopyNumber("SMN1", 0, 0, "MLPA"),))
    with pytest.raises(ProblemsError, match="names no variant"):
        read("id: c\n")


def test_weeks_of_life_keep_their_days(read):
    case = read(SMALL + "subject: {age: P8W}\n")
    assert case.subject.age_years == read(SMALL + "subject: {age: P56D}\n", "other.yaml").subject.age_years
    assert case.subject.age_years * 365.25 == pytest.approx(56, abs=1e-9)


def test_capitals_of_a_gene_symbol_do_not_matter(read):
    case = read(
        "id: i\ncopy_numbers:\n  - {gene: smn1, copies: 0, method: MLPA}\n  - {gene: Smn2, copies: 2, method: MLPA}\n"
    )
    assert [row.gene for row in case.copy_numbers] == ["SMN1", "SMN2"]


def test_weeks_are_told_how_to_be_written(read):
    with pytest.raises(ProblemsError, match="P8W"):
        read(SMALL + "subject: {age: 8 weeks}\n")


@pytest.mark.parametrize(
    ("lines", "place", "told"),
    [
        ("cells: {dose_cells: 2e8, dose_cells_per_kg: 3e6}", "cells.dose_cells", "in all and for each kg"),
        ("cells: {dose_cells: 12}", "cells.dose_cells (line 2)", "outside"),
        (
            "cells: {lymphodepletion: [{drug: x1}]}",
            "cells.lymphodepletion[0].drug (line 2)",
            "no name",
        ),
        (
            "cells: {lymphodepletion: [{drug: busulfan, days: 2.5}]}",
            "cells.lymphodepletion[0].days (line 2)",
            "whole",
        ),
        (
            "cells: {lymphodepletion: [{drug: busulfan}, {drug: Busulfan}]}",
            "cells.lymphodepletion",
            "2 times",
        ),
        (
            "cells: {}\ntumour: {escape: {losses: [{antigen: CD19}, {antigen: CD19}]}}",
            "tumour.escape.losses",
            "2 times",
        ),
        (
            "cells: {}\ntumour: {marrow_blast_share: 60}",
            "tumour.marrow_blast_share (line 3)",
            "outside 0 to 1",
        ),
        (
            "cells: {}\ntumour: {escape: {burden_cells: many}}",
            "tumour.escape.burden_cells (line 3)",
            "plain number",
        ),
    ],
)
def test_numbers_of_a_cell_therapy_are_read_or_refused(read, lines, place, told):
    with pytest.raises(ProblemsError) as caught:
        read(f"id: c\n{lines}\n")
    [problem] = caught.value.problems
    assert problem.where == place
    assert told in problem.what
