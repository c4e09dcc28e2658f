"""The family's page: plain at a stated level for every plan, kind where the answer is no, and never a promise."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib.resources import files

import plan_builder
import product_builder
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_kinds import built_plans
from report_page import POISON, Page, check_nothing_is_loaded

from revertant.dossier.family import family_html, is_for_a_person
from revertant.dossier.family.reading import grade_level, sentences_of, syllables, words_of
from revertant.dossier.family.sentences import parse_sentences, sentences
from revertant.dossier.family.story import story_of
from revertant.errors import InputError
from revertant.model import (
    AntisenseOligo,
    Finding,
    LabelVerdict,
    Locus,
    Mechanism,
    Plan,
    Rejection,
    Status,
    Trial,
    TrialMatch,
    TrialVerdict,
    Unknown,
)

ENGLISH = (files("revertant.dossier") / "family" / "sentences.toml").read_text(encoding="utf-8")
TARGET_GRADE = 8
PERSONS = {kind: plan for kind, plan in built_plans().items() if is_for_a_person(plan)}
every_person = pytest.mark.parametrize("kind", list(PERSONS))
#: Words that would promise, blame, or give a figure without what it is a share of.
FORBIDDEN = re.compile(
    r"\bcures?d?\b|guarante|\bwill (help|work|heal|be safe)|\bhope\b|\bfault\b|%|per ?cent|\bsuffer|\bnormal\b|\bdefect"
    r"|\bmutant|\babnormal|\bsafe for you\b(?<!not make it safe for you)",
    re.IGNORECASE,
)


def texts_of(plan: Plan) -> list[str]:
    return [text for section in story_of(plan).sections for text in section.texts]


@every_person
def test_reads_at_the_target_level_and_says_at_which(kind):
    story = story_of(PERSONS[kind])
    assert story.grade <= TARGET_GRADE
    assert f"school grade {max(story.grade, 1):.1f} (Flesch-Kincaid)" in family_html(PERSONS[kind])
    said = [*texts_of(PERSONS[kind]), *(word.means for word in story.words)]
    assert story.grade == grade_level(said)


@every_person
def test_no_single_sentence_is_long(kind):
    long = [one for text in texts_of(PERSONS[kind]) for one in sentences_of(text) if len(words_of(one)) > 25]
    assert not long


@every_person
def test_promises_nothing_and_says_what_is_not_known(kind):
    plan = PERSONS[kind]
    text = "\n".join(texts_of(plan))
    assert not [match for match in FORBIDDEN.findall(text) if match]
    for needed in (
        "not an offer of treatment",
        "Experts have not checked it yet",
        "does not count it as good",
    ):
        assert needed in text
    count = len(plan.unknowns)  # the number that report and terminal name
    if count > 1:
        assert f"{count} questions are still open" in text


@every_person
def test_the_page_loads_nothing_and_has_every_section(kind):
    text = family_html(PERSONS[kind])
    check_nothing_is_loaded(text)
    page = Page(text)
    found = [attrs["id"] for tag, attrs in page.elements if tag == "section" and "id" in attrs]
    assert found[:7] == ["about", "asked", "found", "not_mean", "unknown", "next", "ask"]
    assert ("html", {"lang": "en"}) in page.elements
    assert family_html(PERSONS[kind]) == text


def test_a_refusal_is_kind_and_clear():
    text = "\n".join(texts_of(built_plans()["refusal"]))
    assert "could not work out a new way" in text
    assert "We are sorry. This is not because of anything you did." in text
    assert "It does not mean that nothing can help you." in text
    assert "new ways that experts could look at" not in text
    assert "A lab would have to test each new way" not in text


def test_a_plan_whose_designs_are_all_stopped_offers_none():
    text = "\n".join(texts_of(built_plans()["gene, all stopped"]))
    assert "Each of them broke a safety rule. So none is put forward." in text
    assert "that experts could look at" not in text


def test_an_approved_product_comes_first_and_nothing_is_sorry():
    plan = built_plans()["products, no design"]
    texts = texts_of(plan)
    fits = [match for match in plan.products if match.verdict in {LabelVerdict.FITS, LabelVerdict.FITS_IF}]
    assert fits
    assert any(fits[0].product_name in text and "Ask" in text for text in texts)
    assert "Talk with your doctor about the approved treatment first." in texts
    assert not any("sorry" in text for text in texts)
    assert any("Product withdrawn. It is not sold now." in text for text in texts)


def test_a_product_that_does_not_fit_is_not_said_to_fit():
    late = replace(product_builder.MATCHES[3], product="x", product_name="Lateware")
    plan = replace(built_plans()["refusal"], products=(late,))
    assert late.verdict is LabelVerdict.DOES_NOT_FIT
    text = "\n".join(texts_of(plan))
    assert "Lateware. On paper it does not fit you now" in text
    assert "sorry" in text
    assert "Which tests are needed to see if Lateware" not in text


def test_a_gene_outside_the_reference_is_named_and_not_said_to_be_looked_at():
    missing = Finding("reference.covers_variant", Status.UNKNOWN, "CFTR: not in the reference.")
    unjudged = Rejection(
        "nuclease", None, "CFTR", "eligibility", "Not judged: the reference does not reach CFTR."
    )
    asked = Unknown("Which routes are open for CFTR?", "None was judged.", "Pass a reference.", missing.rule)
    plan = replace(
        built_plans()["bare"],
        targets=(),
        designs=(),
        findings=(missing,),
        rejections=(unjudged,),
        unknowns=(asked,),
    )
    text = "\n".join(texts_of(plan))
    assert "The question was about the gene CFTR." in text
    assert "So no way was judged for CFTR. That is not a no." in text
    assert "Which ways are open once the DNA text of this gene is there?" in text
    assert "run the computer again with the whole DNA text" in text
    assert "found no gene in your papers" not in text
    assert "that it did not take" not in text
    two = replace(plan, rejections=(unjudged, replace(unjudged, acts_on="HBB", because="It would do harm.")))
    gene = built_plans()["gene"].targets
    assert "The plan also looked at one other way" in "\n".join(texts_of(replace(two, targets=gene)))


def test_studies_that_are_possible_are_told_and_no_others():
    trial = Trial(nct_id="NCT00000001", title="Made up", status="RECRUITING")
    refusal = built_plans()["refusal"]
    for verdict in TrialVerdict:
        text = "\n".join(texts_of(replace(refusal, trials=(TrialMatch(trial, verdict, ()),))))
        assert ("studies that may be for people like you" in text) is (verdict is TrialVerdict.POSSIBLE)


def test_an_edit_that_leaves_exons_out_is_not_said_to_leave_the_gene_as_it_is():
    gene = built_plans()["gene"]
    edit = replace(gene.designs[0].design, modality="splice_switching", antisense=())
    oligo = replace(
        edit, antisense=(AntisenseOligo("ACGTACGTACGTACGTACGT", Locus("chr1", 1, 21), "PMO", "exon 2"),)
    )
    for design, said in ((edit, "The change stays."), (oligo, "The gene itself stays the same.")):
        text = "\n".join(texts_of(replace(gene, designs=(replace(gene.designs[0], design=design),))))
        assert said in text
        assert ("The gene itself stays the same." in text) is bool(design.antisense)


def test_a_first_way_that_reaches_nobody_is_said_to():
    gene = built_plans()["gene"]
    said = "nobody has shown yet how to bring the first of them"
    for status in (Status.FAIL, Status.UNKNOWN):
        lead = gene.designs[0]
        found = Finding("delivery.also_heart", status, "No vehicle is known here.")
        changed = replace(lead, assessment=replace(lead.assessment, findings=(found,)))
        text = "\n".join(texts_of(replace(gene, designs=(changed, *gene.designs[1:]))))
        assert (said in text) is (status is Status.FAIL)


def test_treatments_and_studies_are_asked_after_before_anything_of_a_new_way():
    rules = (
        "offtarget.a",
        "guide.a",
        "edit.a",
        "splice.a",
        "oligo.a",
        "donor.a",
        "immunity.a",
        "dose.a",
        "vector.a",
        "trials.asked",
        "product.age",
    )
    plan = replace(built_plans()["gene"], unknowns=tuple(Unknown(rule, "", "", rule) for rule in rules))
    (section,) = [one for one in story_of(plan).sections if one.key == "unknown"]
    assert section.items[:2] == (
        "Is there a study that could take you in?",
        "Does the approved treatment fit you?",
    )
    assert section.items[-1] == "More questions stand in the full report."


def test_whoever_has_no_tumour_is_not_asked_about_one():
    open_one = Unknown("What does it express?", "It matters.", "Measure it.", "tumour.measured")
    plan = replace(built_plans()["gene"], unknowns=(*built_plans()["gene"].unknowns, open_one))
    assert not any("cancer" in text for text in texts_of(plan))
    assert any(text.startswith(f"{len(plan.unknowns)} questions are still open") for text in texts_of(plan))
    assert any("cancer" in text for text in texts_of(built_plans()["own T cells"]))


def test_a_search_that_was_not_made_or_was_partial_is_said():
    gene = built_plans()["gene"]
    assert gene.coverage is not None
    assert any("Only a small part of the DNA was searched" in text for text in texts_of(gene))
    without = replace(gene, coverage=None)
    assert any("Nobody has looked yet for other places" in text for text in texts_of(without))
    vector = built_plans()["AAV"]
    assert not any("other places" in text for text in texts_of(replace(vector, coverage=None, unknowns=())))


@pytest.mark.parametrize(
    ("biallelic", "said"),
    [(True, "both copies are changed"), (False, "one copy is changed"), (None, "we do not know yet")],
)
def test_copies_are_told_as_far_as_they_are_known(biallelic, said):
    gene = built_plans()["gene"]
    plan = replace(gene, targets=tuple(replace(one, biallelic=biallelic) for one in gene.targets))
    assert any(said in text for text in texts_of(plan))


@pytest.mark.parametrize("mechanism", list(Mechanism))
def test_every_mechanism_has_a_sentence(mechanism):
    gene = built_plans()["gene"]
    plan = replace(gene, targets=tuple(replace(one, mechanism=mechanism) for one in gene.targets))
    assert story_of(plan).grade <= TARGET_GRADE


def test_every_modality_has_a_kind_of_its_own():
    from revertant.modality import modalities  # noqa: PLC0415

    missing = [one.name for one in modalities() if f"kind.{one.name}" not in sentences().texts]
    assert not missing


def test_nobody_gets_no_page():
    assert not is_for_a_person(built_plans()["gene, nobody"])
    assert "gene" in PERSONS


def test_texts_from_outside_stay_text():
    plan = plan_builder.hostile(built_plans()["gene"], POISON)
    text = family_html(plan)
    check_nothing_is_loaded(text)
    assert "<script>alert" not in text


RULES = st.sampled_from(
    ("offtarget.coverage", "guide.activity", "edit.useful_share", "immunity.capsid", "policy.G17", "car_t.x", "tumour.measured", "x.y", "", "dose.anchor", "vector.expression")
)  # fmt: skip
NAMES = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=2, max_size=9)


@st.composite
def plans(draw):
    """A plan put together from pieces of the built ones, with other names, questions and products."""
    plan = PERSONS[draw(st.sampled_from(list(PERSONS)))]
    name = draw(NAMES)
    targets = tuple(
        replace(one, gene=name, mechanism=draw(st.sampled_from(Mechanism)), biallelic=draw(st.sampled_from((True, False, None))))
        for one in draw(st.sampled_from([one.targets for one in PERSONS.values()]))
    )  # fmt: skip
    rules = draw(st.lists(RULES, max_size=25))
    return replace(
        plan,
        targets=targets,
        tumour=draw(st.sampled_from([None, built_plans()["own T cells"].tumour])),
        unknowns=tuple(Unknown(f"Question {n}?", "Why.", "How.", rule) for n, rule in enumerate(rules)),
        products=tuple(draw(st.lists(st.sampled_from(product_builder.MATCHES), max_size=4))),
        designs=tuple(
            draw(st.lists(st.sampled_from([r for p in PERSONS.values() for r in p.designs]), max_size=5))
        ),
        rejections=plan.rejections[: draw(st.integers(0, 3))],
    )


@settings(max_examples=150)
@given(plans())
def test_generated_plans_are_as_plain(plan):
    story = story_of(plan)
    text = "\n".join(text for section in story.sections for text in section.texts)
    assert story.grade <= TARGET_GRADE
    assert not [match for match in FORBIDDEN.findall(text) if match]
    assert all(section.texts for section in story.sections)
    assert "{" not in text


def test_words_that_are_explained_are_used_and_every_used_one_is_explained():
    for plan in PERSONS.values():
        story = story_of(plan)
        text = " ".join(texts_of(plan))
        assert all(word.is_in(text) for word in story.words)
        if re.search(r"\bDNA\b", text):
            assert any("DNA" in word.forms for word in story.words)


# The reading level ---------------------------------------------------------------------------------------------------


def test_grade_level_is_the_published_formula():
    """24 syllables and 13 words in one sentence: 11.3, an example that is often quoted."""
    text = "The Australian platypus is seemingly a hybrid of a mammal and reptilian creature."
    words = words_of(text)
    assert len(words) == 13
    assert pytest.approx(11.27, abs=0.01) == 0.39 * 13 + 11.8 * 24 / 13 - 15.59
    assert sum(map(syllables, words)) == pytest.approx(24, abs=1)
    assert grade_level([text]) == pytest.approx(11.27, abs=1.0)


@pytest.mark.parametrize(
    ("word", "count"),
    [("a", 1), ("the", 1), ("people", 2), ("changed", 1), ("tested", 2), ("places", 2), ("genes", 1), ("table", 2), ("science", 2),
     ("idea", 3), ("doctor", 2), ("authorities", 4), ("antibodies", 4), ("question", 2), ("immune", 2), ("SMN1", 4), ("W", 1),
     ("DNA", 3), ("isn't", 2), ("17", 2)],
)  # fmt: skip
def test_syllables(word, count):
    expected = {"isn't": 1}.get(word, count)
    assert syllables(word) == expected


def test_longer_sentences_and_words_are_harder():
    short = grade_level(["The cat sat. The dog ran."])
    assert grade_level(["The cat sat and the dog ran."]) > short
    assert grade_level(["Feline immobility preceded canine acceleration."]) > 12
    assert grade_level([]) == 0


# The catalogue -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('language = "en"', "language = 1", "is no text"),
        ("{gene}?", "{genome}?", "which nobody puts in"),
        ("{gene}?", "{gene?", "brace"),
        ('harm = "The changed copy does harm."', "harm = 3", "is no text"),
        ("[about]", "[abouts]", "Nothing uses abouts"),
        ('forms = ["antibodies"]', "forms = []", "has no forms"),
        ("[about]", "[about", "not valid TOML"),
    ],
)
def test_a_wrong_catalogue_is_refused(before, after, said):
    assert before in ENGLISH
    with pytest.raises(InputError, match=re.escape(said)):
        parse_sentences(ENGLISH.replace(before, after, 1))


def test_every_sentence_of_the_catalogue_is_used():
    """A sentence that no code names would be translated for nothing."""
    folder = files("revertant.dossier")
    code = "\n".join(
        (folder / name).read_text(encoding="utf-8")
        for name in ("family/story.py", "templates/family.html.j2")
    )
    loose = []
    for name in sentences().texts:
        part, key = name.split(".")
        whole_part = part in {"about", "not_mean", "kind", "topic", "place", "heading", "label"}
        if not whole_part and f'"{name}"' not in code and f'"{key}"' not in code and f".{key}" not in code:
            loose.append(name)
    wanted = {f"found.{verdict.value}" for verdict in LabelVerdict}
    assert wanted <= set(sentences().texts)
    assert not set(loose) - wanted


def test_the_page_of_a_plan_holds_no_identifier_beyond_the_case(tmp_path):
    plan = built_plans()["gene"]
    text = family_html(plan)
    assert json.dumps(plan.provenance.inputs[0].sha256) not in text
    assert plan.provenance.inputs[0].sha256 not in text
