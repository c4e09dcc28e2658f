"""The store of trials: what goes in comes out, whole or not at all; searching by text, fields, place; bad files."""

from __future__ import annotations

import dataclasses
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant.errors import InputError, UsageError
from revertant.model import (
    AgeLimit,
    Case,
    Disease,
    Intervention,
    MeshTerm,
    Sex,
    StudyType,
    Subject,
    Trial,
    TrialSite,
    TrialVerdict,
)
from revertant.trials.asking import ask_store
from revertant.trials.matching import case_facts, match_trial
from revertant.trials.registry import read_trials
from revertant.trials.store import SCHEMA_VERSION, TrialQuery, TrialStore, case_candidates, search_trials
from revertant.trials.store.codec import canonical, packed, unpacked
from revertant.trials.store.words import groups_of, one_edit_away


def trial(number=1, **values):
    return Trial(
        **{"nct_id": f"NCT{number:08d}", "title": f"Trial {number}", "last_update": "2026-01-01", **values}
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trials.sqlite"


def filled(path, *trials):
    with TrialStore(path, writing=True) as store:
        store.put(trials)
    return path


def numbers(result):
    return [int(hit.trial.nct_id[3:]) for hit in result.hits]


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
records = st.builds(
    Trial,
    nct_id=st.just("NCT00000001"),
    title=words,
    conditions=st.lists(words, max_size=3).map(tuple),
    study_type=st.sampled_from(StudyType),
    interventions=st.lists(st.builds(Intervention, words, words, st.lists(words, max_size=2).map(tuple)), max_size=2).map(tuple),
    mesh=st.lists(st.builds(MeshTerm, words, words), max_size=2).map(tuple),
    min_age=st.none() | st.builds(AgeLimit, st.floats(0, 100), st.sampled_from(["years", "days"])),
    healthy_volunteers=st.none() | st.booleans(),
    eligibility=words,
    sites=st.lists(st.builds(TrialSite, words, lat=st.none() | st.floats(-90, 90)), max_size=2).map(tuple),
    not_told=st.lists(st.sampled_from(["sex", "ages"]), max_size=2, unique=True).map(tuple),
)  # fmt: skip


@given(records)
def test_a_trial_comes_out_of_its_bytes_as_it_went_in(one):
    assert unpacked(packed(one)) == one
    assert canonical(unpacked(packed(one))) == canonical(one)


@settings(max_examples=25)
@given(st.lists(records, max_size=4))
def test_any_text_goes_into_a_store_and_comes_out(tmp_path_factory, drawn):
    place = tmp_path_factory.mktemp("s") / "t.sqlite"
    held = [dataclasses.replace(one, nct_id=f"NCT{at:08d}") for at, one in enumerate(drawn)]
    filled(place, *held)
    with TrialStore(place) as store:
        assert list(store.trials()) == held
        for one in held:
            search_trials(store, TrialQuery(text=one.title, diseases=one.conditions[:1], genes=("SMN1",)))


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_no_text_of_a_search_breaks_it(searched, text):
    search_trials(searched, TrialQuery(text=text))


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    place = tmp_path_factory.mktemp("searched") / "t.sqlite"
    here = TrialSite("Inselspital", "Bern", country="Switzerland", country_code="CH", lat=46.95, lon=7.44)
    far = TrialSite("MSK", "New York", country="United States", country_code="US", lat=40.76, lon=-73.96)
    filled(
        place,
        trial(1, title="CD19 CAR T", conditions=("Acute Lymphoblastic Leukemia",), genes=("CD19",), status="RECRUITING",
              phases=("PHASE1",), sites=(here,), max_age=AgeLimit(25, "years"), sex="all"),
        trial(2, title="BCMA CAR T", conditions=("Multiple Myeloma",), genes=("TNFRSF17",), status="COMPLETED",
              phases=("PHASE2",), sites=(far,), min_age=AgeLimit(18, "years"), sex="female"),
        trial(3, title="Onasemnogene abeparvovec", conditions=("Spinal Muscular Atrophy",), genes=("SMN1",),
              status="AVAILABLE", study_type=StudyType.EXPANDED_ACCESS, interventions=(Intervention("scAAV9", "GENETIC"),)),
        trial(4, title="Long-term follow-up of T cells", conditions=("Hematologic Malignancies",), status="RECRUITING"),
    )  # fmt: skip
    with TrialStore(place) as store:
        yield store


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (TrialQuery(text="ALL CD19"), [1]),
        (TrialQuery(text="acute lymphoblastic leukaemia"), [1]),
        (TrialQuery(text="acute lymphoblatsic leukemia"), [1]),
        (TrialQuery(text="SMA"), [3]),
        (TrialQuery(text="TNFRSF17"), [2]),
        (TrialQuery(text="NCT00000003"), [3]),
        (TrialQuery(text="onasemnogen"), [3]),
        (TrialQuery(diseases=("multiple myeloma",)), [2, 4]),
        (TrialQuery(diseases=("OMIM:253300",)), [3]),
        (TrialQuery(diseases=("myeloma", "SMA")), [2, 3, 4]),
        (TrialQuery(genes=("smn1",)), [3]),
        (TrialQuery(intervention_types=("genetic",)), [3]),
        (TrialQuery(phases=("phase1", "PHASE2")), [1, 2]),
        (TrialQuery(statuses=("completed",)), [2]),
        (TrialQuery(study_types=("expanded_access",)), [3]),
        (TrialQuery(recruiting=True), [1, 3, 4]),
        (TrialQuery(age_years=40.0), [2, 3, 4]),
        (TrialQuery(sex=Sex.MALE), [1, 3, 4]),
        (TrialQuery(country="CH"), [1]),
        (TrialQuery(near=(47.37, 8.54), within_km=100.0), [1]),
        (TrialQuery(), [1, 2, 3, 4]),
        (TrialQuery(limit=2), [1, 2]),
    ],
)
def test_searches(searched, query, found):
    assert numbers(search_trials(searched, query)) == found


def test_nothing_found_says_why(searched):
    result = search_trials(searched, TrialQuery(text="CAR", phases=("PHASE3",), recruiting=True))
    assert result.hits == ()
    assert result.steps == (("in the store", 4), ("text", 2), ("phase PHASE3", 0), ("recruiting", 0))
    unknown = search_trials(searched, TrialQuery(text="xyzzyx"))
    assert (unknown.found, unknown.unknown) == (0, ("xyzzyx",))


def test_a_corrected_word_is_said(searched):
    assert search_trials(searched, TrialQuery(text="celz")).corrected == ()
    assert search_trials(searched, TrialQuery(text="folllow")).corrected == (("folllow", "follow"),)


def test_what_the_best_hit_holds_is_said(searched):
    (hit,) = search_trials(searched, TrialQuery(text="myeloma BCMA banana", limit=1)).hits
    assert hit.holds == ("myeloma", "bcma")


@given(st.text(st.sampled_from("abcde"), min_size=2, max_size=5), st.data())
def test_edits_are_those_of_one_letter(word, data):
    at = data.draw(st.integers(0, len(word)))
    letter = data.draw(st.sampled_from("abcde"))
    near = one_edit_away(word)
    assert {word[:at] + letter + word[at:], word[:at] + word[at + 1 :]} - {word} <= near
    assert all(abs(len(one) - len(word)) <= 1 for one in near)


def test_a_name_of_many_words_is_one_group():
    groups = groups_of("relapsed diffuse large B-cell lymphoma", set)
    assert [group.kind for group in groups] == ["word", "disease"]
    assert "dlbcl" in groups[1].phrases


# -- putting ---------------------------------------------------------------------------------------------------


def test_putting_again_changes_nothing_and_the_newer_one_holds(path):
    first, later = (
        trial(1, status="RECRUITING"),
        trial(1, status="COMPLETED", last_update="2026-02-01", title="Renamed"),
    )
    with TrialStore(path, writing=True) as store:
        assert dataclasses.astuple(store.put([first])) == (1, 0, 0)
        digest = store.digest
        assert dataclasses.astuple(store.put([first])) == (0, 0, 1)
        assert store.digest == digest
        assert dataclasses.astuple(store.put([later])) == (0, 1, 0)
        assert dataclasses.astuple(store.put([first])) == (0, 0, 1)
        assert store.get("nct00000001").status == "COMPLETED"
        assert store.digest != digest
        assert search_trials(store, TrialQuery(text="renamed")).found == 1
        assert search_trials(store, TrialQuery(statuses=("RECRUITING",))).found == 0


def test_the_digest_is_that_of_the_trials_whatever_their_order(tmp_path):
    trials = [trial(at) for at in range(5)]
    with (
        TrialStore(filled(tmp_path / "a", *trials)) as one,
        TrialStore(filled(tmp_path / "b", *trials[::-1])) as other,
    ):
        assert one.digest == other.digest
        assert list(one.trials()) == list(other.trials())


def test_a_failure_in_the_middle_leaves_what_was_there(path):
    filled(path, trial(1))

    def broken():
        yield trial(2)
        raise RuntimeError

    with TrialStore(path, writing=True) as store:
        with pytest.raises(RuntimeError):
            store.put(broken())
        assert len(store) == 1
        store.put([trial(3)])
        assert len(store) == 2


def test_a_process_killed_while_writing_leaves_what_was_there(path):
    filled(path, trial(1))
    script = textwrap.dedent(
        """
        import os, signal, sys
        from revertant.model import Trial
        from revertant.trials.store import TrialStore

        def trials():
            for at in range(2, 200):
                yield Trial(nct_id=f"NCT{at:08d}", title="T " * 200)
            os.kill(os.getpid(), signal.SIGKILL)

        with TrialStore(sys.argv[1], writing=True) as store:
            store.put(trials())
        """
    )
    done = subprocess.run([sys.executable, "-c", script, str(path)], check=False, env=os.environ)
    assert done.returncode == -signal.SIGKILL
    with TrialStore(path) as store:
        assert [one.nct_id for one in store.trials()] == ["NCT00000001"]
    with TrialStore(path, writing=True) as store:
        assert store.put([trial(2)]).new == 1


def test_reading_never_writes(path):
    filled(path, trial(1))
    before = path.read_bytes()
    with TrialStore(path) as store:
        search_trials(store, TrialQuery(text="trial"))
        with pytest.raises(InputError, match="readonly"):
            store.put([trial(2)])
    assert path.read_bytes() == before


# -- bad files -------------------------------------------------------------------------------------------------


def test_a_store_that_is_missing_is_not_made_by_reading(path):
    with pytest.raises(InputError, match="no store of trials here") as caught:
        TrialStore(path)
    assert "revertant trials sync" in caught.value.remedy
    assert not path.exists()


@pytest.mark.parametrize("writing", [False, True])
def test_another_file_is_refused_and_not_touched(path, writing):
    path.write_bytes(b"NCT Number,Study Title\n" * 100)
    with pytest.raises(InputError, match="no store of trials"):
        TrialStore(path, writing=writing)
    assert path.read_bytes() == b"NCT Number,Study Title\n" * 100


def test_another_database_is_refused(path):
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(InputError, match="no store of trials"):
        TrialStore(path, writing=True)


def test_another_version_is_refused_with_what_to_do(path):
    filled(path, trial(1))
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    other.close()
    with pytest.raises(InputError, match="version") as caught:
        TrialStore(path)
    assert caught.value.code == "store-version"


def test_a_damaged_store_is_said_to_be_damaged(path):
    filled(path, *(trial(at, summary="word " * 500) for at in range(60)))
    data = bytearray(path.read_bytes())
    data[4096 : len(data) // 2] = b"\x55" * (len(data) // 2 - 4096)
    path.write_bytes(data)
    with pytest.raises(InputError) as caught, TrialStore(path) as store:
        list(store.trials())
    assert caught.value.code in {"store-damaged", "store"}


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE trials SET record = x'00'",
        "UPDATE trials SET record = 'text'",
        "UPDATE trials SET record = zeroblob(0), digest = 5",
        "DROP TABLE texts",
        "INSERT INTO notes VALUES ('sync:', 'no object')",
        "INSERT INTO notes VALUES ('sync:', '[1]')",
    ],
)
def test_what_was_changed_by_hand_is_damage_and_no_bug(path, sql):
    changed(filled(path, trial(1)), sql)

    def ask(store):
        store.get("NCT00000001")
        search_trials(store, TrialQuery(text="trial"))
        store.note("sync:")

    with TrialStore(path) as store, pytest.raises(InputError, match="damaged") as caught:
        ask(store)
    assert caught.value.code == "store-damaged"


def test_a_record_that_was_edited_in_the_file_is_not_taken_for_the_registrys(path):
    other = packed(trial(1, status="RECRUITING", title="Edited"))
    changed(filled(path, trial(1)), "UPDATE trials SET record = ?", other)
    with TrialStore(path) as store:
        for ask in (
            lambda: store.get("NCT00000001"),
            lambda: list(store.trials()),
            lambda: list(store.trials([1])),
        ):
            with pytest.raises(InputError, match="a record is not what was written"):
                ask()


def test_rows_that_are_gone_are_damage_and_no_bug(path):
    changed(filled(path, trial(1)), "DELETE FROM trials")
    with TrialStore(path) as store:
        assert search_trials(store, TrialQuery(text="trial")).found == 0
        with pytest.raises(InputError, match="damaged"):
            list(store.trials([1]))


def changed(path, sql, *values):
    with closing(sqlite3.connect(path)) as store:
        store.execute(sql, values)
        store.commit()


def test_a_folder_in_the_way_is_no_bug(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError):
        TrialStore(tmp_path / "file" / "trials.sqlite", writing=True)
    with pytest.raises(InputError):
        TrialStore(tmp_path, writing=True)


def test_without_full_text_the_store_is_refused(path, monkeypatch):
    monkeypatch.setattr("revertant.trials.store.schema.full_text_is_there", lambda: False)
    with pytest.raises(UsageError, match="FTS5"):
        TrialStore(path, writing=True)


def test_another_writer_is_waited_for_and_then_named(path, monkeypatch):
    filled(path, trial(1))
    monkeypatch.setattr("revertant.trials.store.schema._BUSY_SECONDS", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(InputError) as caught, TrialStore(path, writing=True) as store:
            store.put([trial(2)])
        assert caught.value.code == "store-locked"
    finally:
        other.close()


# -- a case asked of a store -----------------------------------------------------------------------------------


def test_a_case_without_disease_and_gene_is_refused(searched):
    with pytest.raises(InputError, match="no disease by name"):
        ask_store(searched, Case("c", Subject("s"), ()))


def test_every_record_is_accounted_for(searched):
    answer = ask_store(searched, Case("c", Subject("s", age_years=9.0), (), diseases=(Disease("", "ALL"),)))
    assert (answer.tally.read, answer.tally.kept) == (4, 2)
    assert [match.trial.nct_id[-1] for match in answer.matches] == ["1", "4"]
    nothing = ask_store(searched, Case("c", Subject("s"), (), diseases=(Disease("", "Kabuki syndrome"),)))
    assert nothing.matches == ()
    assert "none names Kabuki syndrome" in nothing.sentence


LABELS = (
    "acute myeloid leukemia", "B-cell precursor ALL", "lymphoma", "lupus", "hepatoma", "Sarcoma, Ewing", "solid tumor",
    "Kabuki syndrome", "cancer", "Neoplasms by histologic type", "MM", "graft vs host disease", "Lymphoma, Lymphoblastic",
    "idiopathic inflammatory myopathies", "Waldenström", "plasma cell leukaemia", "CD19 positive", "HIV infection",
)  # fmt: skip


def test_no_record_that_the_rules_let_through_is_missed_by_the_store(shared_data, tmp_path):
    folder = shared_data / "trials"
    everything = read_trials(
        [*sorted(folder.glob("cart_*_trials_*.csv.gz")), *sorted(folder.glob("ctgov*"))]
    ).trials[::4]
    with TrialStore(filled(tmp_path / "t.sqlite", *everything)) as store:
        for label in LABELS:
            facts = case_facts(Case("c", Subject("s"), (), diseases=(Disease("", label),)))
            about = {
                one.nct_id
                for one in everything
                if match_trial(facts, one).verdict is not TrialVerdict.OTHER_DISEASE
            }
            assert about <= {one.nct_id for one in case_candidates(store, facts)}, label
