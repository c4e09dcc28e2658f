"""Guidance documents as data: a wrong file does not load, and only what applies there and then is asked."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from importlib import resources

import checklist_builder as build
import pytest
from checklist_builder import CASE, DESIGN, finding, plan_of

from revertant import modality
from revertant.errors import RevertantError
from revertant.knowledge import SOURCE_KINDS
from revertant.model import DocumentStatus, EditingPlace, ItemState, Oligo, Status
from revertant.policy import (
    Ordered,
    ScreeningRecord,
    ScreeningState,
    answer_checklists,
    checklists_digest,
    guidance_documents,
)
from revertant.policy.checklists import (
    AnsweredBy,
    ProductKind,
    kinds_of,
    leading_designs,
    parse_document,
    place_of,
)
from revertant.policy.checklists.answers import ANSWERS

DOCUMENTS = guidance_documents()
ITEMS = [(name, item) for name, document in DOCUMENTS.items() for item in document.items]
IDS = [f"{name}.{item.id}" for name, item in ITEMS]
FOLDER = resources.files("revertant.policy.checklists")
DRAFTS = {"fda_plausible_mechanism_2026", "fda_editing_ngs_2026", "fda_prior_knowledge_2026"}
#: Words that no checklist may use of a plan or of itself.
FORBIDDEN = re.compile(
    r"IND[- ]ready|submission[- ]ready|compliant|approvable|ready for (use|submission)", re.IGNORECASE
)

GOOD = """
as_of = "2026-11-26"
[doc]
title = "A document"
issuer = "Somebody"
jurisdiction = ["US"]
dated = "2026-01"
counts_from = "2026-01-31"
status = "final"
address = "https://example.org"
sources = ["url:https://example.org"]
[[doc.items]]
id = "one"
asked = "Something is done."
answered_by = "human"
needs = "Somebody."
"""


@pytest.mark.parametrize("name", list(DOCUMENTS))
def test_every_document_says_what_it_is(name):
    document = DOCUMENTS[name]
    assert document.sources
    assert document.address.startswith("http")
    assert name.endswith(document.dated[:4]) or name == "ich_s12_2023"
    assert document.jurisdiction
    assert document.until is None
    assert (document.status is DocumentStatus.DRAFT) is (name in DRAFTS)


@pytest.mark.parametrize(("name", "item"), ITEMS, ids=IDS)
def test_every_item_is_asked_in_own_words_with_an_answer_and_a_next_step(name, item):
    sources = item.sources or DOCUMENTS[name].sources
    assert all(source.partition(":")[0] in SOURCE_KINDS for source in sources)
    assert item.asked.endswith(".")
    assert item.needs.endswith(".")
    assert item.judge.endswith(".")
    assert '"' not in item.asked
    assert len(item.asked) <= 160
    if item.checked:
        assert DOCUMENTS[name].checked


@pytest.mark.parametrize(("name", "item"), ITEMS, ids=IDS)
def test_every_rule_an_item_names_is_made_somewhere(name, item, source_text):
    for rule in (one for group in item.findings for one in group.split("|")):
        stem = rule.removeprefix("policy.")
        assert (
            f'"{rule}"' in source_text or f'id = "{stem}"' in source_text or _made_in_parts(rule, source_text)
        ), rule


def _made_in_parts(rule, text):
    """Some rules are put together of a prefix and a catalogue's key."""
    head, _, tail = rule.partition(".")
    return f'"{head}.' in text and (tail in text or tail.split("_", 1)[-1] in text)


@pytest.fixture(scope="module")
def source_text():
    root = resources.files("revertant")
    rooms = ("modality", "policy", "planning")
    paths = [path for room in rooms for path in (root / room).rglob("*") if path.suffix in {".py", ".toml"}]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths) + _knowledge()


def _knowledge():
    root = resources.files("revertant") / "knowledge"
    return "\n".join(
        (root / name).read_text(encoding="utf-8") for name in ("risks.toml", "car_t_safety.toml")
    )


def test_no_document_promises_anything():
    for path in FOLDER.iterdir():
        if path.name.endswith((".toml", ".py")):
            assert not FORBIDDEN.search(path.read_text(encoding="utf-8")), path.name


def test_the_digest_names_content_and_not_layout():
    assert re.fullmatch("[0-9a-f]{64}", checklists_digest())
    assert parse_document("doc", f"# a comment\n{GOOD}") == parse_document("doc", GOOD)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('answered_by = "human"', 'answered_by = "hope"'), "hope"),
        (('answered_by = "human"', 'answered_by = "findings_pass"'), "needs findings"),
        (('sources = ["url:https://example.org"]', "sources = []"), "at least one source"),
        (('sources = ["url:https://example.org"]\n', ""), "missing"),
        (('needs = "Somebody."', 'needs = " "'), "needs is empty"),
        (('needs = "Somebody."', 'needs = "Somebody."\nsources = ["hearsay"]'), "no source this project can name"),
        (('needs = "Somebody."', 'needs = "Somebody."\nsection_number = "9"'), "Unknown field"),
        (('status = "final"', 'status = "rumoured"'), "rumoured"),
        (('jurisdiction = ["US"]', 'jurisdiction = ["Atlantis"]'), "no place"),
        (('jurisdiction = ["US"]', "jurisdiction = []"), "no place"),
        (('dated = "2026-01"', 'dated = "January"'), "day or a month"),
        (('counts_from = "2026-01-31"', 'counts_from = "2025-12-01"'), "before its date"),
        (('counts_from = "2026-01-31"', 'counts_from = "2026-01-31"\nuntil = "2026-01-30"'), "lies before"),
        (("[[doc.items]]", '[[doc.items]]\nid = "one"\nasked = "A."\nanswered_by = "human"\nneeds = "B."\n[[doc.items]]'), "name of its own"),
        (("[doc]", "[other]"), "items"),
        (('title = "A document"', "title = 7"), "should be text"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused_with_the_place(change, words):
    before, after = change
    assert before in GOOD
    with pytest.raises(RevertantError) as caught:
        parse_document("doc", GOOD.replace(before, after, 1))
    said = f"{caught.value} {[str(one) for one in getattr(caught.value, 'problems', ())]}"
    assert words in said
    assert "doc" in said


def test_a_document_is_named_like_its_file():
    with pytest.raises(RevertantError, match="holds doc"):
        parse_document("other", GOOD)


@pytest.mark.parametrize(
    ("day", "counts"),
    [(None, True), (dt.date(2026, 1, 30), False), (dt.date(2026, 1, 31), True), (dt.date(2026, 6, 30), True), (dt.date(2026, 7, 1), False)],
)  # fmt: skip
def test_a_document_counts_from_its_first_day_to_its_last(day, counts):
    text = GOOD.replace('counts_from = "2026-01-31"', 'counts_from = "2026-01-31"\nuntil = "2026-06-30"')
    document = parse_document("doc", text)
    assert document.counts_on(day) is (counts and day is not None)
    assert parse_document("doc", GOOD).counts_on(day) is (day is None or day >= dt.date(2026, 1, 31))


def asked(plan, *, country="US", **more):
    return {one.checklist_id for one in answer_checklists(plan, replace(CASE, jurisdiction=country), **more)}


EDITED = plan_of(targets=(build.target(build.allele()),))


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("US", {"fda_genome_editing_2024", "fda_editing_ngs_2026", "fda_prior_knowledge_2026", "fda_plausible_mechanism_2026", "fda_follow_up_2020", "fda_cmc_2020", "ich_m4_2016", "order_screening_2024"}),
        ("DE", {"ema_investigational_atmp_2025", "ema_follow_up_2009", "ich_m4_2016", "order_screening_2024"}),
        ("EU", {"ema_investigational_atmp_2025", "ema_follow_up_2009", "ich_m4_2016", "order_screening_2024"}),
        ("JP", {"ich_m4_2016", "order_screening_2024"}),
        ("TH", {"order_screening_2024"}),
    ],
)  # fmt: skip
def test_the_place_chooses_the_documents(country, expected):
    assert asked(EDITED, country=country) == expected


def test_without_a_place_every_document_is_answered_and_marked():
    found = answer_checklists(EDITED, replace(CASE, jurisdiction=""))
    assert {one.checklist_id for one in found} == asked(EDITED) | asked(EDITED, country="DE")
    assert {one.place for one in found} == {""}
    assert {one.place for one in answer_checklists(EDITED, CASE)} == {"US"}


def test_a_document_that_is_not_out_yet_does_not_count():
    before, after = (asked(EDITED, on_date=dt.date(2026, 4, day)) for day in (13, 14))
    assert after - before == {"fda_editing_ngs_2026"}
    assert "fda_genome_editing_2024" not in asked(EDITED, on_date=dt.date(2023, 12, 31))
    assert asked(EDITED, on_date=dt.date(1999, 1, 1)) == {"order_screening_2024"}


def test_the_place_of_editing_chooses_documents_and_items():
    in_vivo = plan_of(targets=(build.target(build.allele(), place=EditingPlace.IN_VIVO),))
    unknown = plan_of(targets=(build.target(build.allele(), place=None),))
    assert asked(in_vivo) - asked(EDITED) == {"ich_s12_2023"}
    assert asked(unknown) == asked(in_vivo)

    def items(plan):
        [one] = [x for x in answer_checklists(plan, CASE) if x.checklist_id == "fda_genome_editing_2024"]
        return {item.item_id for item in one.items}

    assert items(EDITED) - items(in_vivo) == {"release"}
    assert items(in_vivo) - items(EDITED) == {"germ_cells"}
    assert items(unknown) == items(EDITED) | items(in_vivo)
    assert place_of(DESIGN, unknown) is None


def test_kinds_come_from_the_molecules():
    assert kinds_of(DESIGN) == {ProductKind.GENOME_EDITING}
    assert kinds_of(replace(DESIGN, guides=())) == set()


def test_a_settled_item_needs_nothing_and_every_other_says_what():
    plan = plan_of(DESIGN, finding("delivery.vehicle"), finding("guide.on_patient_sequence", Status.UNKNOWN))
    states = set()
    for checklist in answer_checklists(plan, replace(CASE, jurisdiction="")):
        for one in checklist.items:
            states.add(one.state)
            assert bool(one.needs) is (one.state not in {ItemState.SATISFIED, ItemState.NOT_APPLICABLE})
            assert one.because
            assert one.sources
            assert not FORBIDDEN.search(f"{one.asked} {one.because} {one.needs}")
    assert states == set(ItemState)


def test_a_bare_design_satisfies_nothing():
    """No finding, no search, no target: whatever can be asked, nothing is satisfied."""
    for country in ("", "US", "DE"):
        found = answer_checklists(plan_of(), replace(CASE, jurisdiction=country))
        assert found
        assert not [one for checklist in found for one in checklist.items if one.state is ItemState.SATISFIED]


def test_designs_that_are_stopped_are_not_answered_for_and_any_can_be_named():
    stopped = plan_of(tier="stopped: it fails a rule")
    assert answer_checklists(stopped, CASE) == ()
    assert leading_designs(stopped) == ()
    named = answer_checklists(stopped, CASE, designs=[DESIGN.design_id])
    assert {one.design_id for one in named} == {DESIGN.design_id}
    with pytest.raises(KeyError):
        answer_checklists(stopped, CASE, designs=["design-000000000000"])


def test_one_design_of_each_modality_leads():
    first = EDITED.designs[0]
    second = replace(first, rank=2, design=replace(DESIGN, oligos=(Oligo("o", "ACGT"),), acts_on="c.9T>C"))
    other = replace(first, rank=3, design=replace(DESIGN, modality="nuclease"))
    plan = replace(EDITED, designs=(first, second, other))
    assert [one.rank for one in leading_designs(plan)] == [1, 3]


def test_words_of_documents_are_those_of_the_modalities():
    """Kinds are told by molecules; each modality that makes designs has one at least."""
    assert {one.name for one in modality.modalities()} >= {"base_editing", "car_t", "splice_switching"}
    assert {kind.value for kind in ProductKind} & {kind for item in ITEMS for kind in item[1].applies_to}
    assert {item.answered_by for _, item in ITEMS} == set(AnsweredBy)


SETTLED = {
    AnsweredBy.FINDINGS_THEN_LABORATORY: ItemState.LABORATORY,
    AnsweredBy.CONFIRMATION_SITES: ItemState.LABORATORY,
    AnsweredBy.LABORATORY: ItemState.LABORATORY,
    AnsweredBy.HUMAN: ItemState.HUMAN,
    AnsweredBy.NOT_IN_PLAN: ItemState.MISSING,
}
#: Words whose answer does not depend on the plan.
OWNED = {AnsweredBy.LABORATORY, AnsweredBy.HUMAN, AnsweredBy.NOT_IN_PLAN}


@pytest.mark.parametrize(("name", "item"), ITEMS, ids=IDS)
def test_every_computed_item_can_be_satisfied_and_can_be_missing(name, item):
    rules = [group.split("|")[0] for group in item.findings]
    known = [
        finding(rule) for rule in (*rules, "offtarget.patient_sites", "offtarget.coding_site", "policy.G7")
    ]
    made = build.strategy(build.target(build.allele()))
    long = Oligo("long", "ACGTA" * 12)
    design = replace(DESIGN, acts_on=made.acts_on, oligos=(long,))
    full = plan_of(design, *known, gate=tuple(known), strategies=(made,), reports=(build.report(),))
    clear = ScreeningRecord(
        "long", Ordered("", long.sequence).sha256, 60, ScreeningState.CLEAR, "Clear.", "tool"
    )
    best = ANSWERS[item.answered_by](build.ground(full, records=[clear]), item).state
    assert best is SETTLED.get(item.answered_by, ItemState.SATISFIED)
    bare = ANSWERS[item.answered_by](build.ground(plan_of(replace(DESIGN, oligos=(long,)))), item).state
    assert bare is (best if item.answered_by in OWNED else ItemState.MISSING)
