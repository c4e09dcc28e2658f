"""The replay file proves each edit, and every tampering with it is noticed."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import pytest
import vector_builder as build

from revertant.dossier import write_dossier
from revertant.dossier.replay import REPLAY_NAME, replay_text, verify
from revertant.errors import InputError
from revertant.model import Status
from revertant.sequence import CODONS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("dossier") / "out"
    vectors = (build.smn_vector(), build.dual_vector(), build.mrna_vector(), build.minus_vector())
    write_dossier(build.vector_plan(*vectors), out)
    return out / "constructs"


def changed(folder, tmp_path, change):
    """Copy the folder, change its replay file, and verify it."""
    copy = tmp_path / "constructs"
    shutil.copytree(folder, copy)
    value = json.loads((copy / REPLAY_NAME).read_text())
    change(value)
    (copy / REPLAY_NAME).write_text(json.dumps(value))
    return verify(copy / REPLAY_NAME)


def failed(findings):
    return {finding.rule for finding in findings if finding.status is Status.FAIL}


def test_an_untouched_file_passes_every_check(folder):
    findings = verify(folder / REPLAY_NAME)
    assert {finding.status for finding in findings} == {Status.PASS, Status.NOT_APPLICABLE}
    assert sum(finding.rule == "replay.construct" for finding in findings) == 6
    assert [finding.because for finding in findings if finding.status is Status.NOT_APPLICABLE] == [
        "SMN1: no native sequence was known, so there is nothing to replay."
    ]


def test_its_own_words_are_enough_to_replay_it(folder):
    """Done by hand, as the file says, with nothing of the package but the genetic code."""
    value = json.loads((folder / REPLAY_NAME).read_text())
    assert len(value["how_to_replay"]) >= 6
    for one in value["sequences"]:
        if not one["native"]:
            continue
        codons = [one["native"][at : at + 3] for at in range(0, len(one["native"]), 3)]
        for edit in one["edits"]:
            assert codons[edit["codon"] - 1] == edit["before"]
            assert CODONS[edit["before"]] == CODONS[edit["after"]] == edit["amino_acid"]
            codons[edit["codon"] - 1] = edit["after"]
        assert "".join(codons) == one["designed"]
        for place in one["places"]:
            lines = (folder / place["file"]).read_text().splitlines()
            found = "".join(lines[1:])[place["first"] - 1 : place["last"]]
            if place["strand"] == "-":
                found = found[::-1].translate(str.maketrans("ACGT", "TGCA"))
            at = place["first_of_designed"] - 1
            assert one["designed"][at : at + len(found)] == found
    assert {place["strand"] for one in value["sequences"] for place in one["places"]} == {"+", "-"}


def drop_edit(value):
    value["sequences"][0]["edits"].pop()


def twice(value):
    value["sequences"][0]["edits"].append(value["sequences"][0]["edits"][0])


def other_residue(value):
    value["sequences"][0]["edits"][0]["amino_acid"] = "W"


def out_of_range(value):
    value["sequences"][0]["edits"][0]["codon"] = 10_000


def other_before(value):
    value["sequences"][0]["edits"][0]["before"] = "TTT"


def other_base(value):
    one = value["sequences"][0]
    one["designed"] = (
        one["designed"][:10] + ("A" if one["designed"][10] != "A" else "C") + one["designed"][11:]
    )


def other_protein(value):
    value["sequences"][0]["protein"] = value["sequences"][0]["protein"][:-1] + "W"


def other_digest(value):
    value["sequences"][0]["native_sha256"] = "0" * 64


def other_place(value):
    value["sequences"][0]["places"][0]["first"] += 3


def other_construct(value):
    value["constructs"][0]["sha256"] = "0" * 64


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (drop_edit, {"replay.edits"}),
        (twice, {"replay.edits"}),
        (other_residue, {"replay.edits"}),
        (out_of_range, {"replay.edits"}),
        (other_before, {"replay.edits"}),
        (other_base, {"replay.edits", "replay.digests", "replay.places"}),
        (other_protein, {"replay.protein"}),
        (other_digest, {"replay.digests"}),
        (other_place, {"replay.places"}),
        (other_construct, {"replay.construct"}),
    ],
)
def test_every_tampering_is_noticed(folder, tmp_path, change, rules):
    found = failed(changed(folder, tmp_path, change))
    assert rules <= found
    assert found <= rules | {"replay.protein"}


def test_a_changed_fasta_file_is_noticed(folder, tmp_path):
    copy = tmp_path / "constructs"
    shutil.copytree(folder, copy)
    file = next(copy.glob("01_*.fa"))
    title, *lines = file.read_text().splitlines()
    body = "".join(lines)
    file.write_text(f"{title}\n{body[:1000]}{'A' if body[1000] != 'A' else 'C'}{body[1001:]}\n")
    assert failed(verify(copy / REPLAY_NAME)) == {"replay.construct", "replay.places"}


def test_without_the_constructs_the_rest_still_holds(folder, tmp_path):
    shutil.copy(folder / REPLAY_NAME, tmp_path)
    findings = verify(tmp_path / REPLAY_NAME)
    assert not failed(findings)
    unknown = {finding.rule for finding in findings if finding.status is Status.UNKNOWN}
    assert unknown == {"replay.places", "replay.construct"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"format": "other"}', '{"format": "revertant.replay/1"}',
     '{"format": "revertant.replay/1", "sequences": [{}], "constructs": []}',
     '{"format": "revertant.replay/1", "sequences": [3], "constructs": []}',
     '{"format": "revertant.replay/1", "sequences": 3, "constructs": []}'],
)  # fmt: skip
def test_what_is_no_replay_file_is_refused(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError) as caught:
        verify(tmp_path / "x.json")
    assert caught.value.remedy


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        verify(tmp_path / "none.json")


def test_a_sequence_two_designs_share_is_listed_once():
    first = build.smn_vector()
    text = replay_text(build.vector_plan(first, replace(first, capsid="aavrh10")))
    [one] = json.loads(text)["sequences"]
    assert len(one["design_ids"]) == 2
