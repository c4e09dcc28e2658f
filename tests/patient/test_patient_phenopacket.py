"""Phenopackets: what is taken from one, and every way one can be wrong."""

from __future__ import annotations

import copy
import gzip
import json
from collections import Counter

import pytest

from revertant.errors import ProblemsError
from revertant.model import CopyNumber, Measurement, Pathogenicity, Sex, Status, TargetCells, Zygosity
from revertant.patient import read_case

ITEM = "interpretations[0].diagnosis.genomicInterpretations[0]"
DESCRIPTOR = f"{ITEM}.variantInterpretation.variationDescriptor"


def item(**changes):
    descriptor = {
        "id": "v",
        "geneContext": {"valueId": "HGNC:4827", "symbol": "HBB"},
        "expressions": [
            {"syntax": "hgvs.c", "value": "NM_000518.5:c.20A>T"},
            {"syntax": "hgvs.g", "value": "NC_000011.10:g.5227002T>A"},
            {"syntax": "hgvs.p", "value": "NP_000509.1:p.(Glu7Val)"},
        ],
        "vcfRecord": {"genomeAssembly": "hg38", "chrom": "chr11", "pos": 5227002, "ref": "T", "alt": "A"},
        "allelicState": {"id": "GENO:0000136", "label": "homozygous"},
    }
    descriptor.update(changes)
    return {
        "subjectOrBiosampleId": "SECRET-PERSON",
        "interpretationStatus": "CAUSATIVE",
        "variantInterpretation": {
            "acmgPathogenicityClassification": "PATHOGENIC",
            "variationDescriptor": {key: value for key, value in descriptor.items() if value is not None},
        },
    }


def packet(*items):
    return {
        "id": "case-1",
        "subject": {
            "id": "SECRET-PERSON",
            "sex": "FEMALE",
            "timeAtLastEncounter": {"age": {"iso8601duration": "P2Y6M"}},
        },
        "interpretations": [
            {
                "id": "i",
                "progressStatus": "SOLVED",
                "diagnosis": {
                    "disease": {"id": "OMIM:603903", "label": "Sickle cell disease"},
                    "genomicInterpretations": list(items) or [item()],
                },
            }
        ],
        "metaData": {
            "created": "2026-01-01T00:00:00Z",
            "createdBy": "x",
            "phenopacketSchemaVersion": "2.0.2",
        },
    }


@pytest.fixture
def read(tmp_path):
    def reader(tree, name="packet.json"):
        file = tmp_path / name
        text = tree if isinstance(tree, str) else json.dumps(tree)
        file.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        return read_case(file)

    return reader


def test_everything_the_plan_needs_is_taken(read):
    case = read(packet())
    assert case.case_id == "case-1"
    assert (case.subject.sex, case.subject.age_years) == (Sex.FEMALE, 2.5)
    assert [disease.disease_id for disease in case.diseases] == ["OMIM:603903"]
    variant = case.variants[0]
    assert variant.expressions == (
        "NC_000011.10:g.5227002T>A",
        "NM_000518.5:c.20A>T",
        "chr11:5227002:T:A",
    )
    assert (variant.zygosity, variant.pathogenicity) == (Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC)
    assert (variant.gene, variant.build, variant.path) == ("HBB", "GRCh38", ITEM)
    assert case.tallies[1].refused == (("the syntax names no DNA change we read: 'hgvs.p'", 1),)


def test_subject_stays_out_of_repr(read):
    assert "SECRET" not in repr(read(packet()))


@pytest.mark.parametrize(
    ("state", "label", "zygosity"),
    [
        ("GENO:0000134", "hemizygous", Zygosity.HEMIZYGOUS),
        ("GENO:0000135", "heterozygous", Zygosity.HETEROZYGOUS),
        ("GENO:0000136", "", Zygosity.HOMOZYGOUS),
        ("GENO:0000137", "unspecified zygosity", Zygosity.UNKNOWN),
        ("GENO:0000402", "compound heterozygous", Zygosity.HETEROZYGOUS),
        ("GENO:0000604", "hemizygous X-linked", Zygosity.HEMIZYGOUS),
        ("GENO:0000603", "heteroplasmic", Zygosity.UNKNOWN),
    ],
)
def test_allelic_states(read, state, label, zygosity):
    case = read(packet(item(allelicState={"id": state, "label": label})))
    assert case.variants[0].zygosity is zygosity


def test_two_compound_heterozygous_variants_lie_in_trans(read):
    compound = {"id": "GENO:0000402", "label": "compound heterozygous"}
    other = [{"syntax": "hgvs.c", "value": "NM_000518.5:c.19G>A"}]
    case = read(
        packet(item(allelicState=compound), item(allelicState=compound, expressions=other, vcfRecord=None))
    )
    first, second = (variant.phase for variant in case.variants)
    assert first
    assert second
    assert first != second
    assert read(packet(item(allelicState=compound))).variants[0].phase == ""


@pytest.mark.parametrize("status", ["REJECTED", "CANDIDATE", "UNKNOWN_STATUS"])
def test_variants_not_held_responsible_are_left_out_and_counted(read, status):
    other = {**item(), "interpretationStatus": status}
    case = read(packet(item(), other))
    assert len(case.variants) == 1
    assert case.tallies[0].refused == ((f"interpretation status {status}", 1),)
    assert [finding.status for finding in case.findings] == [Status.CAUTION]


def test_structural_variant_beside_another_is_left_out_as_unknown(read):
    structural = item(
        expressions=None, vcfRecord=None, structuralType={"id": "SO:1000029", "label": "deletion"}
    )
    case = read(packet(item(), structural))
    assert len(case.variants) == 1
    assert case.findings[0].status is Status.UNKNOWN
    assert "no coordinates (deletion)" in case.findings[0].because


def test_a_fetus_is_treated_before_birth(read):
    tree = packet()
    tree["subject"]["timeAtLastEncounter"] = {"gestationalAge": {"weeks": 20}}
    case = read(tree)
    assert (case.target_cells, case.subject.age_years) == (TargetCells.FETAL, None)


def test_death_and_unusual_karyotype_are_said(read):
    tree = packet()
    tree["subject"] |= {"vitalStatus": {"status": "DECEASED"}, "karyotypicSex": "XXX"}
    assert [(f.rule, f.status) for f in read(tree).findings] == [
        ("case.karyotype", Status.UNKNOWN),
        ("case.subject_alive", Status.CAUTION),
    ]


def test_age_from_dates(read):
    tree = packet()
    tree["subject"] |= {
        "dateOfBirth": "2010-01-01T00:00:00Z",
        "timeAtLastEncounter": {"timestamp": "2020-01-01T00:00:00Z"},
    }
    assert read(tree).subject.age_years == pytest.approx(10, abs=0.01)


def test_snake_case_names_and_nulls_are_the_standards_own(read):
    tree = packet()
    tree["meta_data"] = tree.pop("metaData")
    tree["files"] = None
    assert read(tree).case_id == "case-1"


def changed(path, value):
    """Return the packet with one place changed; ``...`` removes it."""
    tree = packet()
    node = tree
    *way, last = path
    for step in way:
        node = node[step]
    if value is ...:
        del node[last]
    else:
        node[last] = value
    return tree


_TO_ITEM = ("interpretations", 0, "diagnosis", "genomicInterpretations", 0)
_TO_DESCRIPTOR = (*_TO_ITEM, "variantInterpretation", "variationDescriptor")
_BARE = {"id": "v"}

BAD_TREES = [
    (("id",), ..., "id"),
    (("id",), 7, "id"),
    (("id",), "a\nb", "id"),
    (("id",), "x" * 300, "id"),
    (("subject",), ..., "subject"),
    (("subject",), [], "subject"),
    (("subject", "id"), ..., "subject.id"),
    (("subject", "sex"), "WOMAN", "subject.sex"),
    (("subject", "sex"), 99, "subject.sex"),
    (("subject", "sexx"), "FEMALE", "subject.sexx"),
    (("subject", "taxonomy"), {"id": "NCBITaxon:10090", "label": "mouse"}, "subject.taxonomy.id"),
    (("subject", "dateOfBirth"), "2020-13-01", "subject.dateOfBirth"),
    (("subject", "timeAtLastEncounter", "age"), {"iso8601duration": "34 years"}, "iso8601duration"),
    (("subject", "timeAtLastEncounter", "age"), {"iso8601duration": "P200Y"}, "iso8601duration"),
    (("subject", "timeAtLastEncounter", "age"), {"iso8601duration": 34}, "iso8601duration"),
    (("subject", "timeAtLastEncounter", "gestationalAge"), {"weeks": 3}, "gestationalAge"),
    (("interpretations",), ..., "interpretations"),
    (("interpretations",), {}, "interpretations"),
    (("interpretations",), [None], "interpretations[0]"),
    (("interpretations", 0, "diagnosis"), ..., "interpretations[0].diagnosis.genomicInterpretations"),
    (("interpretations", 0, "diagnosis", "disease", "id"), ..., "interpretations[0].diagnosis.disease.id"),
    ((*_TO_ITEM, "subjectOrBiosampleId"), "someone else", f"{ITEM}.subjectOrBiosampleId"),
    ((*_TO_ITEM, "interpretationStatus"), "CAUSAL", f"{ITEM}.interpretationStatus"),
    ((*_TO_ITEM, "interpretationStatus"), "REJECTED", ITEM),
    ((*_TO_ITEM, "variantInterpretation"), ..., ITEM),
    ((*_TO_ITEM, "gene"), {"symbol": "HBB"}, f"{ITEM}."),
    (
        (*_TO_ITEM, "variantInterpretation", "acmgPathogenicityClassification"),
        "VUS",
        "acmgPathogenicityClass",
    ),
    (_TO_DESCRIPTOR, _BARE, ITEM),
    ((*_TO_DESCRIPTOR, "expressions"), {"syntax": "hgvs.c"}, f"{DESCRIPTOR}.expressions"),
    ((*_TO_DESCRIPTOR, "expressions", 0, "value"), "c.20A>T", f"{DESCRIPTOR}.expressions[0].value"),
    ((*_TO_DESCRIPTOR, "expressions", 0, "value"), "", f"{DESCRIPTOR}.expressions[0].value"),
    ((*_TO_DESCRIPTOR, "expressions", 0, "value"), "NP_1.1:p.Glu7Val", f"{DESCRIPTOR}.expressions[0].value"),
    ((*_TO_DESCRIPTOR, "vcfRecord", "pos"), 0, f"{DESCRIPTOR}.vcfRecord"),
    ((*_TO_DESCRIPTOR, "vcfRecord", "pos"), -5, f"{DESCRIPTOR}.vcfRecord"),
    ((*_TO_DESCRIPTOR, "vcfRecord", "pos"), 1.5, f"{DESCRIPTOR}.vcfRecord.pos"),
    ((*_TO_DESCRIPTOR, "vcfRecord", "pos"), "many", f"{DESCRIPTOR}.vcfRecord.pos"),
    ((*_TO_DESCRIPTOR, "vcfRecord", "alt"), "A,C", f"{DESCRIPTOR}.vcfRecord"),
    ((*_TO_DESCRIPTOR, "vcfRecord", "genomeAssembly"), "mm10", f"{DESCRIPTOR}.vcfRecord.genomeAssembly"),
    ((*_TO_DESCRIPTOR, "allelicState", "id"), "GENO:1", f"{DESCRIPTOR}.allelicState.id"),
    ((*_TO_DESCRIPTOR, "allelicState", "label"), "heterozygous", f"{DESCRIPTOR}.allelicState"),
    (("metaData", "phenopacketSchemaVersion"), "1.0.0", "metaData.phenopacketSchemaVersion"),
    (("variants",), [], "variants"),
    (("diseases",), [{"term": {"label": "no id"}}], "diseases[0].term.id"),
]


def assert_told(error, where):
    """Every problem says what, where and the remedy, and nothing of the person."""
    assert error.exit_status == 3
    assert error.problems
    for problem in error.problems:
        assert problem.what
        assert problem.remedy
        assert problem.exit_status == 3
        assert "SECRET" not in str(problem)
    assert any(where in problem.where for problem in error.problems), str(error)
    assert "SECRET" not in json.dumps(error.as_dict())


@pytest.mark.parametrize(("path", "value", "where"), BAD_TREES, ids=lambda value: str(value)[-60:])
def test_bad_phenopackets(read, path, value, where):
    with pytest.raises(ProblemsError) as caught:
        read(changed(path, value))
    assert_told(caught.value, where)


BAD_TEXTS = [
    ("", "empty"),
    ("   \n", "empty"),
    ("{", "not valid JSON"),
    ('{"id": "a", "id": "b"}', "stands twice"),
    ("[]", "a list"),
    ("7", "not one phenopacket"),
    ("null", "null"),
    ('{"id": NaN}', "NaN"),
    ('{"id": ' + "9" * 5000 + "}", "too long"),
    ("[" * 200_000, "too deep"),
    ('{"subject":' * 200 + "{}" + "}" * 200, "not known"),
    ('{"proband": {}}', "a Family"),
    ('{"members": []}', "a Cohort"),
    ('{"id": "\\ud800"}', "wrong type or form"),
    ("id: case-1\n", "not valid JSON"),
    (json.dumps(packet())[:-40], "not valid JSON"),
]


@pytest.mark.parametrize(
    ("text", "says"), BAD_TEXTS, ids=[says + str(i) for i, (_, says) in enumerate(BAD_TEXTS)]
)
def test_bad_json(read, text, says):
    with pytest.raises(ProblemsError) as caught:
        read(text)
    assert says in str(caught.value)
    assert_told(caught.value, "")


def test_all_problems_at_once(read):
    tree = packet(item(allelicState={"id": "GENO:1"}, vcfRecord={"genomeAssembly": "mm10", "pos": 1}))
    del tree["id"]
    with pytest.raises(ProblemsError) as caught:
        read(tree)
    assert len(caught.value.problems) == 4


def test_unknown_names_and_types_are_told_together(read):
    tree = copy.deepcopy(packet())
    tree["phenotypicFeature"] = []
    tree["subject"]["sex"] = "female"
    with pytest.raises(ProblemsError) as caught:
        read(tree)
    remedies = [problem.remedy for problem in caught.value.problems]
    assert remedies == ["Did you mean 'FEMALE'?", "Did you mean 'phenotypicFeatures'?"] or sorted(
        remedies
    ) == [
        "Did you mean 'phenotypicFeatures'?",
        "Known: UNKNOWN_SEX, FEMALE, MALE, OTHER_SEX.",
    ]


def test_version_1_is_named(read):
    with pytest.raises(ProblemsError, match="version 1"):
        read(changed(("genes",), []))


def test_every_real_phenopacket(shared_data, tmp_path):
    """Read = kept + refused with a reason, for all 700."""
    outcome = Counter()
    reasons = Counter()
    file = tmp_path / "one.json"
    with gzip.open(shared_data / "patients" / "phenopackets.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            file.write_text(line, encoding="utf-8")
            try:
                case = read_case(file)
            except ProblemsError as error:
                outcome["refused"] += 1
                reasons.update(problem.what for problem in error.problems)
                continue
            outcome["kept"] += 1
            outcome["variants"] += len(case.variants)
            outcome["left out"] += case.tallies[0].read - case.tallies[0].kept
            outcome["LMNA"] += any(variant.gene == "LMNA" for variant in case.variants)
    assert outcome == {"kept": 682, "refused": 18, "variants": 731, "left out": 17, "LMNA": 182}
    assert reasons == {"The variant cannot be used: no coordinates (chromosome_structure_variation).": 18}


@pytest.mark.parametrize(
    ("alt", "info", "text"),
    [
        ("<DEL>", "SVTYPE=DEL;END=31969014", "chrX:31967339-31969014:<DEL>"),
        ("<DUP:TANDEM>", "SVLEN=1676", "chrX:31967339-31969014:<DUP>"),
        ("<INV>", "END=31969014", "chrX:31967339-31969014:<INV>"),
    ],
)
def test_a_symbolic_allele_with_ends_is_taken(read, alt, info, text):
    record = {
        "genomeAssembly": "hg38",
        "chrom": "chrX",
        "pos": 31967338,
        "ref": "N",
        "alt": alt,
        "info": info,
    }
    case = read(packet(item(expressions=None, vcfRecord=record)))
    assert case.variants[0].expressions == (text,)


@pytest.mark.parametrize(("alt", "info"), [("<DEL>", ""), ("<INS>", "END=5"), ("<CNV>", "SVLEN=9")])
def test_a_symbolic_allele_without_bases_is_left_out_and_counted(read, alt, info):
    record = {
        "genomeAssembly": "hg38",
        "chrom": "chr11",
        "pos": 5227002,
        "ref": "N",
        "alt": alt,
        "info": info,
    }
    case = read(packet(item(vcfRecord=record)))
    assert len(case.variants) == 1  # its HGVS stands
    assert not any("<" in text for text in case.variants[0].expressions)
    assert any(
        "symbolic allele in vcfRecord" in reason for tally in case.tallies for reason, _ in tally.refused
    )


def measurement(loinc, value, unit="U/L", **quantity):
    return {
        "assay": {"id": f"LOINC:{loinc}", "label": "as the laboratory calls it"},
        "value": {"quantity": {"unit": {"id": f"UCUM:{unit}", "label": unit}, "value": value, **quantity}},
        "timeObserved": {"timestamp": "2026-03-02T23:30:00Z"},
    }


def copies(symbol, status="CAUSATIVE", **number):
    variation = {"copyNumber": {"gene": {"geneId": "HGNC:11117"}, **number}}
    one = item(variation=variation, expressions=None, vcfRecord=None, allelicState=None)
    one["variantInterpretation"]["variationDescriptor"]["geneContext"]["symbol"] = symbol
    one["interpretationStatus"] = status
    return one


def test_measurements_are_read_by_their_code_and_the_others_counted(read):
    tree = packet()
    limits = {"referenceRange": {"unit": {"id": "UCUM:U/L", "label": "U/L"}, "low": 5, "high": 40}}
    tree["measurements"] = [
        measurement("1742-6", 60, **limits),
        measurement("777-3", 150000, "1/uL"),
        measurement("9999-9", 1),
        measurement("1920-8", 1, "ukat/L"),
        {
            "assay": {"id": "LOINC:1920-8"},
            "value": {"ontologyClass": {"id": "NCIT:C25626", "label": "Present"}},
        },
    ]
    case = read(tree)
    assert case.measurements == (
        Measurement("ALT", 60, "U/L", "2026-03-02"),
        Measurement("ALT", 1.5, "x_ULN", "2026-03-02"),
        Measurement("platelets", 150000, "1/uL", "2026-03-02"),
    )
    tally = next(one for one in case.tallies if one.name == "measurements")
    assert (tally.read, tally.kept, sum(count for _, count in tally.refused)) == (5, 2, 3)


def test_copy_numbers_are_read_without_a_method_and_decide_nothing(read):
    case = read(
        packet(
            copies("SMN1", number={"value": 0}),
            copies("SMN2", definiteRange={"min": 3, "max": 4}),
            copies("SMN2", indefiniteRange={"value": 4, "comparator": ">="}),
            copies("", number={"value": 1}),
            copies("SMN2"),
            copies("SMN2", "REJECTED", number={"value": 1}),
        )
    )
    assert case.variants == ()
    assert case.copy_numbers == (
        CopyNumber("SMN1", 0, 0, ""),
        CopyNumber("SMN2", 3, 4, ""),
        CopyNumber("SMN2", 4, None, ""),
    )
    assert not any(one.is_confirmed for one in case.copy_numbers)
    tally = next(one for one in case.tallies if one.name == "copy numbers")
    assert (tally.read, tally.kept, len(tally.refused)) == (6, 3, 3)


def test_birth_and_last_encounter_give_the_age_in_days(read):
    tree = packet()
    tree["subject"]["dateOfBirth"] = "2026-01-01T00:00:00Z"
    tree["subject"]["timeAtLastEncounter"] = {"timestamp": "2026-02-26T00:00:00Z"}
    assert read(tree).subject.age_years * 365.25 == pytest.approx(56, abs=1e-9)
