"""Many random cases: none with a heritable intent or germline target reaches a design, and every log replays."""

from __future__ import annotations

import ast
import datetime as dt
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

import revertant
from revertant.errors import PolicyStopError
from revertant.genome import Reference
from revertant.knowledge import conditions
from revertant.model import (
    Case,
    CaseVariant,
    CopyNumber,
    Disease,
    EditingPlace,
    Intent,
    Pathogenicity,
    Sex,
    Status,
    Subject,
    TargetCells,
    canonical_json,
)
from revertant.planning import Inputs, PlanOptions, make_plan
from revertant.planning import make as make_module
from revertant.policy import Verdict, decide, gate, read_decision, replay, rules

SLICE, WHOLE = 400, 10_000
PLACES = [
    "",
    "EU",
    "FR",
    "DE",
    "PL",
    "NO",
    "US",
    "GB",
    "CH",
    "CA",
    "AU",
    "JP",
    "CN",
    "KR",
    "SG",
    "BR",
    "IN",
    "IL",
    "KE",
]
TISSUES = [
    "",
    "liver",
    "retina",
    "testis",
    "Ovaries",
    "sperm",
    "oocytes",
    "germ line",
    "bone marrow",
    "embryo",
    "muscle",
]
GERM_TISSUES = {"sperm", "oocytes", "germ line", "embryo"}
POLICY_WORDS = ("guardian_permission", "child_assent", "germ_cells_spared", "polygenic_score_target")


class ReachedError(Exception):
    """The plan went past the gate."""


def rarely(draw: random.Random, usual: list[object], others: list[object], chance: float = 0.1) -> object:
    """One of the usual values, or now and then another: most cases should have one thing against them, or nothing."""
    return draw.choice(others if draw.random() < chance else usual)


def random_case(draw: random.Random) -> Case:
    good = {
        "guardian_permission": True,
        "child_assent": True,
        "germ_cells_spared": True,
        "polygenic_score_target": False,
    }
    stated = {
        word: rarely(draw, [good[word]], [not good[word]]) for word in POLICY_WORDS if draw.random() < 0.4
    }
    stated |= {
        word: draw.random() < 0.5 for word in draw.sample(sorted({*conditions()} - {*POLICY_WORDS}), 2)
    }
    variants = tuple(
        CaseVariant(
            (rarely(draw, ["rs334", "NM_000518.5:c.20A>T", "chr1:1:A:G"], ["PGS000018"], 0.02),),
            pathogenicity=rarely(
                draw, [Pathogenicity.PATHOGENIC, Pathogenicity.LIKELY_PATHOGENIC], list(Pathogenicity)
            ),
        )
        for _ in range(rarely(draw, [1, 2], [0]))
    )
    return Case(
        f"case-{draw.random()}",
        Subject(
            "SECRET-PERSON",
            draw.choice(list(Sex)),
            draw.choice([None, 0.0, 7.5, 17.99, 18.0, 19.5, 40.0, 99.0]),
            draw.choice([None, 3.5, 70.0]),
        ),
        variants,
        diseases=(Disease("OMIM:603903"),) if draw.random() < 0.8 else (),
        # About half of the cases are heritable in one way or another.
        intent=rarely(draw, [Intent.TREATMENT], list(Intent), 0.6),
        target_cells=rarely(draw, [TargetCells.SOMATIC], list(TargetCells), 0.6),
        jurisdiction=draw.choice(PLACES),
        consent=rarely(draw, [None, True], [False]),
        editing_place=draw.choice([None, *EditingPlace]),
        tissue=rarely(draw, ["", "liver", "bone marrow"], TISSUES, 0.3),
        copy_numbers=(CopyNumber("SMN1", 0, 0, "MLPA"),) if draw.random() < 0.2 else (),
        conditions=tuple(sorted(stated.items())),
    )


def random_day(draw: random.Random) -> dt.date | None:
    """A day of this century, or one on which some rule starts or ends, or none."""
    edges = [day for rule in rules() for day in (rule.first_day, rule.last_day) if day]
    anywhere = dt.date(2000, 1, 1) + dt.timedelta(days=draw.randrange(20_000))
    return draw.choice([None, anywhere, draw.choice(edges), draw.choice(edges) + dt.timedelta(days=1)])


def is_heritable(case: Case) -> bool:
    return (
        case.intent is Intent.HERITABLE
        or case.target_cells in (TargetCells.GERMLINE, TargetCells.EMBRYO)
        or case.tissue in GERM_TISSUES
    )


def run(count: int, seed: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Send cases through the planner up to the first step after the gate; count what became of them."""

    def reached(*_: object, **__: object) -> None:
        raise ReachedError

    monkeypatch.setattr(make_module, "resolve_case", reached)
    nothing = Reference.from_sequences({"chr1": "ACGT"})
    draw = random.Random(seed)
    seen = dict.fromkeys(("heritable", "stopped", "reached", "committee", "open", "allowed"), 0)
    for _ in range(count):
        case, day = random_case(draw), random_day(draw)
        country = draw.choice(["", *PLACES])
        here = replace(case, jurisdiction=country or case.jurisdiction)
        decision = decide(here, on_date=day)
        assert replay(read_decision(canonical_json(decision.as_json()))) == decision
        denied = any(one.status is Status.FAIL for one in gate(here, on_date=day))
        assert (decision.verdict is Verdict.DENIED) is denied
        with pytest.raises((PolicyStopError, ReachedError)) as ended:
            make_plan(Inputs(case, nothing, None), PlanOptions(country=country, on_date=day))
        assert "SECRET" not in str(ended.value)
        stopped = ended.type is PolicyStopError
        assert stopped is denied
        assert stopped or not is_heritable(here), here
        seen["stopped" if stopped else "reached"] += 1
        if not stopped:
            seen[decision.verdict.value] += 1
        if is_heritable(here):
            assert decision.fired[0] == "G1"
            seen["heritable"] += 1
    assert seen["stopped"] + seen["reached"] == count
    return seen


def test_a_slice_of_the_campaign(monkeypatch):
    seen = run(SLICE, 1, monkeypatch)
    assert all(seen.values()), seen  # every kind of case was met


@pytest.mark.long
def test_ten_thousand_cases(monkeypatch):
    seen = run(WHOLE, 20261126, monkeypatch)
    print(json.dumps(seen))  # noqa: T201 - the figures of the guide
    assert min(seen.values()) > 20, seen


def calls_of(function: ast.FunctionDef) -> dict[str, int]:
    """The first line of each call in a function, by the name that is called."""
    found = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
    return {ast.unparse(one.func): one.lineno for one in sorted(found, key=lambda call: -call.lineno)}


def test_every_function_that_makes_a_plan_asks_the_gate_first():
    """No other way leads to a plan: whoever builds one enforces the gate before, or is called by who has."""
    makers = set()
    for path in sorted(Path(revertant.__file__).parent.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if " Plan(" not in text:
            continue
        functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
        called = {function.name: calls_of(function) for function in functions}
        for name in [name for name, calls in called.items() if "Plan" in calls]:
            ways = [(name, "Plan")] if "policy.enforce" in called[name] else []
            ways = ways or [(user, name) for user, calls in called.items() if name in calls]
            assert ways, f"{name} of {path.name} is called by nobody here"
            for user, step in ways:
                assert called[user]["policy.enforce"] < called[user][step], f"{user} of {path.name}"
                makers.add(user)
    assert makers == {"make_plan", "receptor_plan"}
