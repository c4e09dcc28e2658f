"""Whatever the bytes, a reader gives a case or one of our errors, never another exception."""

from __future__ import annotations

import copy
import json
import random

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from revertant.errors import ProblemsError, RevertantError
from revertant.model import Case
from revertant.patient import read_case
from revertant.patient.problems import Problems
from revertant.patient.tree import read_tree

CASE = (
    "id: c\nsubject: {sex: male, age: P2Y, weight_kg: 12.5}\nvariants:\n  - hgvs: NM_000518.5:c.20A>T\n"
    "    zygosity: homozygous\nintent: treatment\njurisdiction: NO\nconsent: yes\n"
    "serology:\n  - {target: AAV9, assay: NAb, titre: 1:50, date: 2026-03-01}\n"
)
PACKET = {
    "id": "p",
    "subject": {"id": "s", "sex": "MALE", "timeAtLastEncounter": {"age": {"iso8601duration": "P3Y"}}},
    "interpretations": [
        {
            "id": "i",
            "progressStatus": "SOLVED",
            "diagnosis": {
                "disease": {"id": "OMIM:1", "label": "d"},
                "genomicInterpretations": [
                    {
                        "subjectOrBiosampleId": "s",
                        "interpretationStatus": "CAUSATIVE",
                        "variantInterpretation": {
                            "acmgPathogenicityClassification": "PATHOGENIC",
                            "variationDescriptor": {
                                "id": "v",
                                "geneContext": {"valueId": "HGNC:1", "symbol": "HBB"},
                                "expressions": [{"syntax": "hgvs.c", "value": "NM_000518.5:c.20A>T"}],
                                "vcfRecord": {
                                    "genomeAssembly": "hg38",
                                    "chrom": "chr11",
                                    "pos": 5227002,
                                    "ref": "T",
                                    "alt": "A",
                                },
                                "allelicState": {"id": "GENO:0000135", "label": "heterozygous"},
                            },
                        },
                    }
                ],
            },
        }
    ],
    "files": [{"uri": "file://x", "individualToFileIdentifiers": {"a": "b"}}],
    "metaData": {"created": "2026-01-01T00:00:00Z", "phenopacketSchemaVersion": "2.0.2"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


def outcome(folder, name, data):
    """Read the bytes: a case, or ``None`` when they were refused as they should be."""
    file = folder / name
    file.write_bytes(data)
    refusal = None
    try:
        case = read_case(file)
    except RevertantError as error:
        case, refusal = None, error
    if refusal is None:
        assert isinstance(case, Case)
        assert case.variants
        return case
    assert isinstance(refusal, ProblemsError)
    assert refusal.exit_status == 3
    assert all(problem.what and problem.remedy for problem in refusal.problems)
    str(refusal).encode()
    json.dumps(refusal.as_dict())
    return None


edits = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 8), st.binary(max_size=6)), min_size=1, max_size=4
)


def mutated(data, changes):
    for place, cut, put in changes:
        at = place % (len(data) + 1)
        data = data[:at] + put + data[at + cut :]
    return data


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(changes=edits)
def test_mutated_yaml(folder, changes):
    outcome(folder, "case.yaml", mutated(CASE.encode(), changes))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(changes=edits)
def test_mutated_json(folder, changes):
    outcome(folder, "packet.json", mutated(json.dumps(PACKET).encode(), changes))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(text=st.text(max_size=80))
@example("!!binary x")
@example("%YAML 3.0\n---\na: b")
@example("%TAG ! tag:x,2000:\n---\n!a b")
@example('"\\x')
@example('a: "\\UFFFFFFFF"')
@example("? ? ?")
@example("&a [*a]")
@example("a: |9\n b")
@example("- - - -\n?\n:")
def test_any_text_as_yaml(folder, text):
    outcome(folder, "case.yaml", text.encode("utf-8", "replace"))


def places(tree, way=()):
    yield way
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield from places(value, (*way, key))


PLACES = [way for way in places(PACKET) if way]
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), st.just(...) | values), min_size=1, max_size=3))
def test_any_value_anywhere_in_a_phenopacket(folder, changes):
    tree = copy.deepcopy(PACKET)
    for (*way, last), value in changes:
        node = tree
        try:
            for step in way:
                node = node[step]
            if value is ...:
                del node[last]
            else:
                node[last] = value
        except (KeyError, IndexError, TypeError):
            continue
    outcome(folder, "packet.json", json.dumps(tree).encode())


def test_every_cut_of_both_files(folder):
    """A file cut anywhere is refused, or it is the YAML of a smaller case; a cut phenopacket is never read."""
    data = json.dumps(PACKET).encode()
    assert not any(outcome(folder, "packet.json", data[:end]) for end in range(0, len(data), 3))
    for end in range(len(CASE)):
        outcome(folder, "case.yaml", CASE[:end].encode())


scalars = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x2FFF, exclude_categories=["C", "Z"]), max_size=8
)


@settings(deadline=None, max_examples=100)
@given(mapping=st.dictionaries(scalars.filter(bool), scalars, min_size=1, max_size=6))
def test_the_tree_holds_exactly_what_was_written(mapping):
    problems = Problems("t")
    text = "".join(f"{json.dumps(key)}: {json.dumps(value)}\n" for key, value in mapping.items())
    tree = read_tree(text, problems)
    assert len(problems) == 0
    assert {key: leaf.text for key, leaf in tree.items.items()} == mapping


@pytest.mark.long
def test_long_campaign(folder):
    """Ten thousand mutations of each file."""
    source = random.Random(2)
    for name, data in (("case.yaml", CASE.encode()), ("packet.json", json.dumps(PACKET).encode())):
        for _ in range(10_000):
            changes = [
                (source.randrange(len(data)), source.randrange(9), source.randbytes(source.randrange(6)))
                for _ in range(source.randrange(1, 4))
            ]
            outcome(folder, name, mutated(data, changes))
