"""Each standard is opened by the library that its own people keep, and says what the plan says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import prov.model
import pysam
import pytest
from exchange_dossiers import CASES, folder_of, inputs_of, plan_of
from fhir.resources.R4B.bundle import Bundle
from google.protobuf import json_format
from phenopackets.schema.v2 import Phenopacket
from rocrate.rocrate import ROCrate

from revertant import patient
from revertant.dossier import write_dossier
from revertant.dossier.exchange.phenopacket import phenopacket_text
from revertant.dossier.exchange.proposals import proposals
from revertant.model import CaseFiles, CaseVariant, CopyNumber, Pathogenicity, Zygosity

SICKLE = "sickle_cell"


def read(folder: Path, name: str):
    return json.loads((folder / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", CASES)
def test_the_crate_describes_every_file_and_the_library_reads_it(name):
    folder = folder_of(name)
    crate = ROCrate(folder)
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    described = {entity.id for entity in crate.data_entities}
    assert described == there - {"ro-crate-metadata.json"}
    for entity in crate.data_entities:
        content = (folder / entity.id).read_bytes()
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
        assert entity["description"]
    source = plan_of(name).provenance
    action = crate.dereference("#making")
    assert action["instrument"]["softwareVersion"] == source.version
    used = {
        (one["name"], one.get("sha256") or one.get("version") or one.get("value")) for one in action["object"]
    }
    stated = (
        {(one.name, one.sha256) for one in source.inputs} | set(source.catalogues) | set(source.parameters)
    )
    assert used == stated
    assert {one.id for one in action["result"]} == described


@pytest.mark.parametrize("name", CASES)
def test_provenance_is_read_by_the_prov_library_and_holds_no_time(name):
    folder = folder_of(name)
    document = prov.model.ProvDocument.deserialize(folder / "prov.json", format="json")
    activities = document.get_records(prov.model.ProvActivity)
    assert [activity.get_startTime() for activity in activities] == [None]
    entities = {str(one.identifier) for one in document.get_records(prov.model.ProvEntity)}
    made = {str(one.args[0]) for one in document.get_records(prov.model.ProvGeneration)}
    used = {str(one.args[1]) for one in document.get_records(prov.model.ProvUsage)}
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert made == {f"dossier:{one}" for one in files - {"prov.json", "ro-crate-metadata.json"}}
    assert len([one for one in used if one.startswith("input:")]) == len(plan_of(name).provenance.inputs)
    assert made | used <= entities
    [agent] = document.get_records(prov.model.ProvAgent)
    assert str(agent.identifier) == "revertant:software"


@pytest.mark.parametrize("name", CASES)
def test_the_bundle_is_fhir_and_every_reference_leads_somewhere(name):
    value = read(folder_of(name), "fhir.json")
    bundle = Bundle.model_validate(value)
    addresses = {entry.fullUrl for entry in bundle.entry}
    assert len(addresses) == len(bundle.entry)

    def references(node):
        if isinstance(node, dict):
            yield from [node["reference"]] if "reference" in node else []
            for item in node.values():
                yield from references(item)
        elif isinstance(node, list):
            for item in node:
                yield from references(item)

    assert set(references(value)) <= addresses
    resources = [entry["resource"] for entry in value["entry"]]
    assert {one.get("status", "preliminary") for one in resources} == {"preliminary"}
    assert inputs_of(name).case.subject.subject_id not in json.dumps(value)
    variants = [one for one in resources if one.get("meta", {}).get("profile", [""])[0].endswith("/variant")]
    assert len(variants) == sum(len(target.alleles) for target in plan_of(name).targets)


def test_the_variant_has_the_codes_of_the_guide():
    value = read(folder_of(SICKLE), "fhir.json")
    variant = next(e["resource"] for e in value["entry"] if "/variant" in str(e["resource"].get("meta")))
    said = {one["code"]["coding"][0]["code"]: one for one in variant["component"]}
    assert said["48004-6"]["valueCodeableConcept"]["coding"][0]["code"] == "NM_000518.5:c.20A>T"
    assert said["81290-9"]["valueCodeableConcept"]["coding"][0]["code"] == "NC_000011.10:g.5227002T>A"
    assert said["53034-5"]["valueCodeableConcept"]["coding"][0]["code"] == "LA6705-3"
    assert said["81254-5"]["valueRange"] == {"low": {"value": 5227002}, "high": {"value": 5227002}}
    assert (said["69547-8"]["valueString"], said["69551-0"]["valueString"]) == ("T", "A")


@pytest.mark.parametrize("name", CASES)
def test_the_phenopacket_is_read_by_its_library_and_names_what_is_proposed(name):
    folder = folder_of(name)
    packet = json_format.Parse((folder / "phenopacket.json").read_text(encoding="utf-8"), Phenopacket())
    proposed = [one.therapeutic_regimen.external_reference for one in packet.medical_actions]
    assert [one.id for one in proposed] == [one.key for one in proposals(plan_of(name))]
    assert proposed
    assert all("NOT GIVEN" in one.description for one in proposed)
    assert {one.therapeutic_regimen.regimen_status for one in packet.medical_actions} == {0}


@pytest.mark.parametrize("name", ["sickle_cell", "hbe_beta_thalassaemia", "sma"])
def test_the_phenopacket_reads_back_as_the_same_case(name):
    folder, case = folder_of(name), inputs_of(name).case
    again = patient.read_case(folder / "phenopacket.json")
    assert (again.case_id, again.subject.subject_id, again.subject.sex) == (
        case.case_id, case.subject.subject_id, case.subject.sex,
    )  # fmt: skip
    assert again.subject.age_years == pytest.approx(case.subject.age_years, abs=1e-6)
    assert again.diseases == case.diseases

    def facts(variants):
        return [(v.expressions, v.zygosity, v.pathogenicity, v.gene, bool(v.phase)) for v in variants]

    assert facts(again.variants) == facts(case.variants)
    counted = {(one.gene, one.low, one.high) for one in again.copy_numbers}
    assert counted == {(one.gene, one.low, one.high) for one in case.copy_numbers}


FORMS = (
    CaseVariant(
        ("rs334", "NC_000011.10:5227001:T:A"), Zygosity.HETEROZYGOUS, Pathogenicity.PATHOGENIC, "HBB"
    ),
    CaseVariant(("chr11:5227002:T:A",), Zygosity.HEMIZYGOUS, Pathogenicity.UNCERTAIN, "HBB", build="GRCh38"),
    CaseVariant(("chrX:31967339-31969014:<DEL>",), Zygosity.UNKNOWN, Pathogenicity.LIKELY_PATHOGENIC, "DMD"),
    CaseVariant(("NC_000011.10:g.5227002T>A", "NM_000518.5:c.20A>T"), Zygosity.HOMOZYGOUS),
)


@pytest.mark.parametrize("variant", FORMS, ids=lambda one: one.expressions[0])
def test_every_form_of_a_variant_reads_back(tmp_path, variant):
    inputs = inputs_of(SICKLE)
    copies = (CopyNumber("SMN1", 1, None, "MLPA"), CopyNumber("SMN2", 3, 4, "MLPA"))
    case = replace(inputs.case, variants=(variant,), copy_numbers=copies)
    file = tmp_path / "packet.json"
    file.write_text(phenopacket_text(plan_of(SICKLE), replace(inputs, case=case)), encoding="utf-8")
    again = patient.read_case(file)
    [read_back] = again.variants
    assert set(read_back.expressions) == set(variant.expressions)
    assert replace(read_back, expressions=(), path="", phase="") == replace(variant, expressions=(), path="")
    assert {(one.low, one.high) for one in again.copy_numbers} == {(1, None), (3, 4)}


def test_a_given_phenopacket_goes_out_as_it_came_in(tmp_path, shared_data):
    import gzip  # noqa: PLC0415

    with gzip.open(shared_data / "patients" / "phenopackets.jsonl.gz", "rt", encoding="utf-8") as handle:
        given = json.loads(next(line for line in handle if '"LMNA"' in line))
    text = json.dumps(given)
    file = tmp_path / "given.json"
    file.write_text(text, encoding="utf-8")
    case = patient.read_case(file)
    inputs = replace(inputs_of(SICKLE), case=case, phenopacket=text)
    out = tmp_path / "phenopacket.json"
    out.write_text(phenopacket_text(plan_of(SICKLE), inputs), encoding="utf-8")
    assert replace(patient.read_case(out), files=CaseFiles()) == replace(case, files=CaseFiles())
    written = json.loads(out.read_text(encoding="utf-8"))
    expected = json_format.MessageToDict(json_format.ParseDict(given, Phenopacket()))
    added = written.pop("medicalActions")
    [update] = written["metaData"].pop("updates")
    assert added
    assert "hypothesis" in update["comment"]
    assert written == expected


def test_what_a_case_file_adds_to_a_phenopacket_is_added(tmp_path):
    (tmp_path / "packet.json").write_bytes((folder_of(SICKLE) / "phenopacket.json").read_bytes())
    (tmp_path / "case.yaml").write_text(
        "id: joined\nphenopacket: packet.json\ndiseases: [{id: 'MONDO:0011382', label: sickle cell}]\n"
        "variants: [{hgvs: 'NM_000518.5:c.79G>A', gene: HBB, zygosity: heterozygous}]\n",
        encoding="utf-8",
    )
    case = patient.read_case(tmp_path / "case.yaml")
    text = (tmp_path / "packet.json").read_text(encoding="utf-8")
    inputs = replace(inputs_of(SICKLE), case=case, phenopacket=text)
    out = tmp_path / "out.json"
    out.write_text(phenopacket_text(plan_of(SICKLE), inputs), encoding="utf-8")
    again = patient.read_case(out)
    assert again.case_id == "joined"
    assert {one.expressions for one in again.variants} == {one.expressions for one in case.variants}
    assert {one.disease_id for one in again.diseases} == {one.disease_id for one in case.diseases}


def test_the_vcf_says_which_designs_revert_the_variant_and_what_they_leave():
    folder, plan = folder_of(SICKLE), plan_of(SICKLE)
    reference = inputs_of(SICKLE).reference
    with pysam.VariantFile(str(folder / "edits.vcf")) as file:
        records = list(file)
    for record in records:
        bases = reference.fetch(record.chrom, record.start, record.start + len(record.ref))
        assert record.ref == bases
    case = next(record for record in records if record.info["ROLE"] == "case")
    assert (case.chrom, case.pos, case.ref, case.alts) == ("chr11", 5227002, "T", ("A",))
    outcomes = [(r.design.design_id, outcome) for r in plan.designs for outcome in r.design.outcomes]
    restoring = {name for name, outcome in outcomes if outcome.effect.value == "restores_wild_type"}
    back = {name for name, o in outcomes for c in o.changes if (c.position, c.after) == (5227001, "T")}
    assert restoring
    assert set(case.info["REVERTED_BY"]) == restoring | back
    # Hb G-Makassar: c.20A>C on the coding strand, T>G here, from base editors.
    makassar = next(record for record in records if (record.pos, record.alts) == (5227002, ("G",)))
    wanted = {
        ranked.design.design_id
        for ranked in plan.designs
        if ranked.design.route.value == "benign_substitution"
    }
    assert set(makassar.info["WANTED_BY"]) == wanted
    assert len({(record.chrom, record.pos, record.alts) for record in records}) == len(records)


def test_the_bed_holds_every_protospacer():
    rows = [
        line.split("\t")
        for line in (folder_of(SICKLE) / "edits.bed").read_text(encoding="utf-8").splitlines()
    ]
    designs = plan_of(SICKLE).designs
    spacers = {(row[0], int(row[1]), int(row[2]), row[5]) for row in rows if row[3].endswith("|protospacer")}
    expected = {
        (guide.locus.contig, guide.locus.start, guide.locus.end, guide.locus.strand.value)
        for ranked in designs
        for guide in ranked.design.guides
    }
    assert spacers == expected
    assert rows == sorted(rows, key=lambda row: (row[0], int(row[1]), int(row[2]), row[3]))
    reference = inputs_of(SICKLE).reference
    assert {row[0] for row in rows} <= set(reference.contigs)


def test_without_inputs_nothing_of_the_case_is_written(tmp_path):
    names = {path.name for path in write_dossier(plan_of(SICKLE), tmp_path)}
    assert not names & {"phenopacket.json", "fhir.json", "edits.vcf"}
    assert {"prov.json", "ro-crate-metadata.json"} <= names


def test_inputs_are_carried_only_when_asked():
    assert not (folder_of(SICKLE) / "crate_inputs").exists()
    carried = folder_of(SICKLE, bundled=True) / "crate_inputs"
    assert {path.name for path in carried.iterdir()} == {
        "sickle_cell.yaml",
        "loci.GRCh38.fa",
        "HBB.GRCh38.gtf",
    }
    crate = ROCrate(carried.parent)
    assert crate.dereference("crate_inputs/sickle_cell.yaml")["additionalType"] == "case"
    results = {one.id for one in crate.dereference("#making")["result"]}
    assert not any(one.startswith("crate_inputs") for one in results)


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    for path in write_dossier(plan_of("sma"), tmp_path, inputs_of("sma")):
        before = folder_of("sma") / path.relative_to(tmp_path)
        assert path.read_bytes() == before.read_bytes()
