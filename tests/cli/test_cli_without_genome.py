"""``revertant plan`` on cases that name no genome: what the exit status says."""

from __future__ import annotations

import json

import pytest

from revertant.cli import main

BASE = {
    "id": "id: infant",
    "subject": "subject: {age: P8W, weight_kg: 4.6}",
    "diseases": "diseases: [{id: 'OMIM:253300', label: SMA}]",
    "copies": "copy_numbers: [{gene: SMN1, copies: 0, method: MLPA}, {gene: SMN2, copies: 2, method: MLPA}]",
    "jurisdiction": "jurisdiction: US",
    "consent": "consent: yes",
}


def run(tmp_path, capsys, *arguments, **lines):
    path = tmp_path / "case.yaml"
    path.write_text("\n".join({**BASE, **lines}.values()) + "\n", encoding="utf-8")
    status = main(["plan", str(path), "--out", str(tmp_path / "out"), "--json", *arguments])
    told = capsys.readouterr()
    return status, json.loads(told.out) if told.out else {}, told.err


@pytest.mark.parametrize(
    ("lines", "status", "word"),
    [
        ({"copies": "copy_numbers: [{gene: SMN1, copies: 1, method: MLPA}]"}, 5, ""),
        ({"copies": "copy_numbers: [{gene: SMN1, copies: 0, method: in_silico}]"}, 5, ""),
        ({"intent": "intent: heritable"}, 6, "policy-stop"),
        ({"consent": "consent: no"}, 6, "policy-stop"),
        ({"copies": ""}, 3, "names no variant"),
        (
            {"copies": "variants: [{hgvs: 'NM_1.1:c.5A>G', gene: NOGENE1, pathogenicity: pathogenic}]"},
            2,
            "no-reference",
        ),
        (
            {"copies": "variants: [{hgvs: 'NM_000344.4:c.5A>G', pathogenicity: pathogenic}]"},
            4,
            "ref-mismatch",
        ),
        (
            {"variants": "variants: [{hgvs: 'NM_000344.4:c.5C>G', pathogenicity: pathogenic}]"},
            4,
            "variant-on-no-copy",
        ),
        ({"copies": "copy_numbers: [{gene: SMN1, copies: many, method: MLPA}]"}, 3, "copies"),
    ],
)
def test_exit_status(tmp_path, capsys, lines, status, word):
    found, told, err = run(tmp_path, capsys, **lines)
    assert found == status, (told, err)
    assert word in json.dumps(told) + err
    assert (tmp_path / "out" / "plan.json").exists() is (status == 5)


def test_a_vcf_without_a_reference_is_refused(tmp_path, capsys):
    status, told, err = run(tmp_path, capsys, "--vcf", str(tmp_path / "case.yaml"))
    assert status == 2
    assert "No reference genome is named, but a VCF is." in json.dumps(told) + err
