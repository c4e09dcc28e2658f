"""Records of a registry into trials: real files with their accounts, every shape of JSON and CSV, hostile ones."""

from __future__ import annotations

import csv
import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import InputError
from revertant.model import AgeLimit, StudyType, Trial
from revertant.patient.countries import JURISDICTIONS
from revertant.trials.registry import country_code, country_codes, genes_named, newer_of, read_trials

STUDY = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT02122952", "briefTitle": "AAV9-SMN1 in SMA"},
        "statusModule": {
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": "2026-01-02"},
            "expandedAccessInfo": {"hasExpandedAccess": True},
        },
        "designModule": {"studyType": "EXPANDED_ACCESS", "phases": ["PHASE1"]},
        "conditionsModule": {"conditions": ["Spinal Muscular Atrophy"], "keywords": ["gene therapy"]},
        "armsInterventionsModule": {
            "interventions": [{"type": "GENETIC", "name": "scAAV9.CB.SMN", "otherNames": ["AVXS-101"]}]
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion Criteria:\n\n* Age 9 months \\< or younger ",
            "sex": "ALL",
            "maximumAge": "9 Months",
            "healthyVolunteers": False,
            "stdAges": ["CHILD"],
        },
        "contactsLocationsModule": {
            "locations": [
                {
                    "facility": "A",
                    "city": "Columbus",
                    "country": "United States",
                    "geoPoint": {"lat": 39.96, "lon": -83.0},
                },
                {"facility": "B", "city": "Nowhere", "country": "Atlantis", "status": "COMPLETED"},
            ]
        },
    },
    "derivedSection": {
        "conditionBrowseModule": {"meshes": [{"id": "D000003550", "term": "Cystic Fibrosis"}]}
    },
}


def write(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_study_keeps_every_field(tmp_path):
    (trial,) = read_trials([write(tmp_path, "s.json", json.dumps(STUDY))]).trials
    assert trial.is_expanded_access
    assert trial.study_type is StudyType.EXPANDED_ACCESS
    assert trial.has_expanded_access is True
    assert (trial.min_age, trial.max_age) == (None, AgeLimit(9.0, "months"))
    assert (trial.sex, trial.healthy_volunteers, trial.age_groups) == ("all", False, ("CHILD",))
    # letter for letter, white space at the ends included
    assert trial.eligibility == "Inclusion Criteria:\n\n* Age 9 months \\< or younger "
    assert trial.eligibility_of == trial.last_update == "2026-01-02"
    assert trial.genes == ("SMN1",)
    assert trial.interventions[0].kind == "GENETIC"
    assert trial.mesh[0].mesh_id == "D003550"
    assert [site.country_code for site in trial.sites] == ["US", ""]
    assert trial.open_countries == ("US",)
    assert trial.not_told == ()


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(STUDY),
        json.dumps([STUDY]),
        json.dumps({"studies": [STUDY], "nextPageToken": "x", "totalCount": 1}),
        json.dumps(STUDY) + "\n",
        "\ufeff" + json.dumps(STUDY, indent=2),
        gzip.compress(json.dumps(STUDY).encode()),
    ],
    ids=["study", "list", "page", "line", "bom", "gzip"],
)
def test_every_container_of_json_is_read(text, tmp_path):
    found = read_trials([write(tmp_path, "x", text)])
    assert [trial.nct_id for trial in found.trials] == ["NCT02122952"]
    assert found.tallies[0].read == found.tallies[0].kept == 1


def test_json_lines_count_each_line_and_name_the_place(tmp_path):
    bad = json.loads(json.dumps(STUDY))
    bad["protocolSection"]["identificationModule"]["nctId"] = "NCT1"
    lines = "\n".join(json.dumps(one) for one in (STUDY, bad, STUDY)) + "\n"
    path = write(tmp_path, "all.jsonl", lines)
    found = read_trials([path])
    assert found.tallies[0].read == 3
    assert found.tallies[0].kept == 1
    assert [one.where for one in found.refused] == [f"{path}: 2", f"{path}: 3"]
    assert found.refused[0].because == "no NCT number of eight digits"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("{", "not valid JSON"),
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('{"protocolSection": {}}\n' + '{"a":' * 50_000 + "1" + "}" * 50_000, "line 2.*nested too deeply"),
        ('{"a": 1}', "holds no studies"),
        ("[1, 2", "not valid JSON"),
        (json.dumps(STUDY) + "\n" + json.dumps(STUDY)[:-30], "line 2"),
        ("NCT Number,Study Title\nNCT1,x\n", "lacks the columns"),
        ('NCTId,Facility,City,Country,SiteStatus,Latitude,Longitude\nNCT02122952,"A', "no sound CSV"),
        ("NCTId,Facility,City,Country,SiteStatus,Latitude,Longitude\nNCT02122952,A\n", "2 fields"),
        (b"\xff\xfe\x00", "no sound UTF-8"),
        (gzip.compress(b"[]", mtime=0)[:-6], "no sound UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_with_its_place(text, says, tmp_path):
    path = write(tmp_path, "bad", text)
    with pytest.raises(InputError, match=says) as caught:
        read_trials([path])
    assert str(path) in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_trials([tmp_path / "none.json"])


@pytest.mark.parametrize(
    ("module", "field", "value", "reason"),
    [
        ("eligibilityModule", "minimumAge", "eighteen", "an age that cannot be read"),
        ("eligibilityModule", "maximumAge", f"{'9' * 400} Years", "an age that cannot be read"),
        ("identificationModule", "nctId", "NCT\uff10\uff12122952", "no NCT number of eight digits"),
        ("identificationModule", "briefTitle", "x" * 100_001, "briefTitle is longer than 100,000 letters"),
        ("identificationModule", "briefTitle", "half \ud83d", "briefTitle holds what is no letter"),
        ("conditionsModule", "conditions", ["SMA"] * 50_000, "conditions is longer than 100,000 letters"),
        ("eligibilityModule", "sex", "BOTH", "a sex that cannot be read"),
        ("eligibilityModule", "eligibilityCriteria", 3, "eligibilityCriteria is no text"),
        ("conditionsModule", "conditions", "SMA", "conditions is no list of texts"),
        ("statusModule", "lastUpdatePostDateStruct", {"date": "May 2"}, "a date that cannot be read"),
        ("statusModule", "lastUpdatePostDateStruct", [], "lastUpdatePostDateStruct is no object"),
        ("contactsLocationsModule", "locations", [1], "locations is no list of objects"),
    ],
)
def test_a_field_that_decides_and_cannot_be_read_refuses_the_record(module, field, value, reason, tmp_path):
    study = json.loads(json.dumps(STUDY))
    study["protocolSection"][module][field] = value
    found = read_trials([write(tmp_path, "s.json", json.dumps([study]))])
    assert found.trials == ()
    assert found.tallies[0].refused == ((reason, 1),)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "protocolSection",
                        "identificationModule",
                        "nctId",
                        "eligibilityModule",
                        "locations",
                        "x",
                    ]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_whatsoever_breaks_the_reader(value):
    from revertant.trials.registry import read_studies  # noqa: PLC0415

    found = read_studies([value], "any")
    assert found.tallies[0].read == 1


# The columns of ClinicalTrials.gov's own export (api/v2/studies?format=csv), in its order.
EXPORT_HEAD = (
    "NCT Number,Study Title,Study URL,Acronym,Study Status,Brief Summary,Study Results,Conditions,Interventions,"
    "Primary Outcome Measures,Secondary Outcome Measures,Other Outcome Measures,Sponsor,Collaborators,Sex,Age,Phases,"
    "Enrollment,Funder Type,Study Type,Study Design,Other IDs,Start Date,Primary Completion Date,Completion Date,"
    "First Posted,Results First Posted,Last Update Posted,Locations,Study Documents"
)
EXPORT = EXPORT_HEAD.split(",")


def export_row(**values):
    out = io.StringIO()
    writer = csv.DictWriter(out, EXPORT)
    writer.writeheader()
    writer.writerow({name: values.get(name, "") for name in EXPORT})
    return out.getvalue()


def test_the_registry_export_is_read_with_what_it_lacks(tmp_path):
    text = export_row(
        **{
            "NCT Number": "NCT01234567",
            "Study Title": "BCMA CAR",
            "Study Status": "RECRUITING",
            "Conditions": "Multiple Myeloma|Plasma Cell Leukemia",
            "Interventions": "BIOLOGICAL: ide-cel|DRUG: Ratio: 1:1",
            "Sex": "ALL",
            "Age": "ADULT, OLDER_ADULT",
            "Phases": "PHASE1|PHASE2",
            "Study Type": "INTERVENTIONAL",
            "Last Update Posted": "2026-02-03",
            "Locations": "Inselspital, Bern, Switzerland|Seoul, 03080, Korea, Republic of|A place without a country",
        }
    )
    (trial,) = read_trials([write(tmp_path, "export.csv", text)]).trials
    assert trial.genes == ("TNFRSF17",)
    assert [(one.name, one.kind) for one in trial.interventions] == [
        ("ide-cel", "BIOLOGICAL"),
        ("Ratio: 1:1", "DRUG"),
    ]
    assert [site.country_code for site in trial.sites] == ["CH", "KR", ""]
    assert trial.age_groups == ("ADULT", "OLDER_ADULT")
    assert set(trial.not_told) == {"ages", "eligibility", "keywords", "mesh"}


def trial(**values):
    return Trial(**{"nct_id": "NCT01234567", "title": "T", "last_update": "2026-01-01", **values})


def test_the_newer_record_holds_whatever_the_order():
    old = trial(status="RECRUITING")
    new = trial(status="COMPLETED", last_update="2026-02-01")
    assert newer_of(old, new) == newer_of(new, old) == new


def test_a_newer_table_row_does_not_lose_the_text_of_the_criteria():
    full = trial(eligibility="Text", eligibility_of="2026-01-01", sex="female", keywords=("k",))
    row = trial(
        status="COMPLETED", last_update="2026-03-01", not_told=("eligibility", "sex", "keywords", "mesh")
    )
    for both in (newer_of(full, row), newer_of(row, full)):
        assert (both.status, both.eligibility, both.sex) == ("COMPLETED", "Text", "female")
        assert both.eligibility_of == "2026-01-01" != both.last_update
        assert both.not_told == ("mesh",)


def test_of_one_day_the_fuller_record_holds():
    full, row = trial(eligibility="Text"), trial(not_told=("eligibility",))
    assert newer_of(row, full).eligibility == newer_of(full, row).eligibility == "Text"


def test_countries_have_the_codes_that_cases_use():
    assert set(country_codes().values()) == JURISDICTIONS - {"EU"}
    assert country_code("Korea, Republic of") == country_code("South Korea") == "KR"


@pytest.mark.parametrize(
    ("text", "genes"),
    [
        ("Anti-CD19 CAR-T", ("CD19",)),
        ("CD19/CD22 CAR T", ("CD19", "CD22")),
        ("B7-H3 CAR", ("CD276",)),
        ("AAV-RPE65 subretinal", ("RPE65",)),
        ("patients who met and set", ()),
        ("PAH with sotatercept; OTC drugs; it WAS", ()),
    ],
)
def test_genes_are_named_only_as_symbols_are_written(text, genes):
    assert genes_named([text]) == genes


# -- the real files --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data / "trials"


def test_the_full_records_load_with_their_account(folder):
    found = read_trials(sorted(folder.glob("ctgov_v2_*.jsonl.gz")))
    (tally,) = found.tallies
    assert (tally.read, tally.kept) == (125, 124)
    # One record was given a number that cannot exist by whoever made the test file.
    assert tally.refused == (("no NCT number of eight digits", 1),)
    assert sum(1 for one in found.trials if one.eligibility) == 105
    assert sum(1 for one in found.trials if one.is_expanded_access) == 0
    assert all(site.country_code for one in found.trials for site in one.sites)


def test_the_tables_load_with_their_account(folder):
    found = read_trials(
        [*sorted(folder.glob("cart_*_trials_*.csv.gz")), *sorted(folder.glob("cart_*_sites_*.csv.gz"))]
    )
    trials, sites = found.tallies
    assert (trials.read, trials.kept) == (2589, 2587)  # two trials stand in both tables
    assert (sites.read, sites.kept) == (13156, 10985)
    assert all(site.country_code for one in found.trials for site in one.sites)
    assert all("sex" in one.not_told and not one.eligibility for one in found.trials)
    assert sum(1 for one in found.trials if one.is_expanded_access) == 9
