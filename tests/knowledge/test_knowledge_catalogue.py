"""The strict loader: what it takes, what it refuses, and how it says so."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from typing import Literal

import pytest

from revertant.errors import InputError, ProblemsError
from revertant.knowledge import Dna, Iupac, Row, catalogue_versions, load_rows


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    name: str
    length: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Row):
    pam: Iupac
    spacer: Dna = "ACGT"
    count: int = 1
    share: float = 0.5
    colour: Colour = Colour.RED
    side: Literal["left", "right"] = "left"
    window: tuple[int, int] = (4, 8)
    tags: tuple[str, ...] = ()
    size: int | None = None
    parts: tuple[Part, ...] = ()

    def problems(self):
        if self.window[0] > self.window[1]:
            yield "The window runs backwards."


GOOD = 'sources = ["doi:10.1/x"]\npam = "NGG"\n'
HEAD = 'as_of = "2026-11-22"\n'


def load(text):
    return load_rows("sample.toml", Sample, text=text)


def test_loads_every_kind_of_field():
    rows = load(
        HEAD
        + f'[b]\n{GOOD}count = 3\nshare = 1\ncolour = "blue"\nside = "right"\nwindow = [2, 3]\ntags = ["x"]\n'
        + 'size = 4\nchecked = true\nparts = [{ name = "p", length = 7 }]\n'
        + f'[a]\n{GOOD}as_of = "2020-01-31"\n'
    )
    assert list(rows) == ["a", "b"]
    row = rows["b"]
    assert (row.key, row.count, row.share, row.colour, row.size) == ("b", 3, 1.0, Colour.BLUE, 4)
    assert (row.window, row.tags, row.parts) == ((2, 3), ("x",), (Part(name="p", length=7),))
    assert row.checked
    assert (row.as_of, rows["a"].as_of) == ("2026-11-22", "2020-01-31")
    assert not rows["a"].checked


def test_rows_and_catalogue_are_frozen():
    rows = load(f"{HEAD}[a]\n{GOOD}")
    with pytest.raises(TypeError):
        rows["b"] = rows["a"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        rows["a"].pam = "NAG"
    assert hash(rows["a"])


BAD = {
    "unknown field": (f"[a]\n{GOOD}colur = 1", "[a].colur", "Unknown field"),
    "missing field": ('[a]\nsources = ["doi:1"]', "[a].pam", "missing"),
    "missing source": ('[a]\npam = "NGG"', "[a].sources", "missing"),
    "no source": ('[a]\npam = "NGG"\nsources = []', "[a].sources", "at least one"),
    "unnamed source": ('[a]\npam = "NGG"\nsources = ["a book"]', "[a].sources", "no source"),
    "empty source": ('[a]\npam = "NGG"\nsources = ["doi: "]', "[a].sources", "no source"),
    "bad IUPAC": ('[a]\nsources = ["doi:1"]\npam = "NGZ"', "[a].pam", "not upper-case IUPAC"),
    "lower-case IUPAC": ('[a]\nsources = ["doi:1"]\npam = "ngg"', "[a].pam", "not upper-case IUPAC"),
    "empty IUPAC": ('[a]\nsources = ["doi:1"]\npam = ""', "[a].pam", "not upper-case IUPAC"),
    "bad DNA": (f'[a]\n{GOOD}spacer = "ACGN"', "[a].spacer", "not upper-case A, C, G, T"),
    "text for number": (f'[a]\n{GOOD}count = "3"', "[a].count", "whole number"),
    "number for text": ('[a]\nsources = ["doi:1"]\npam = 3', "[a].pam", "should be text"),
    "bool for number": (f"[a]\n{GOOD}count = true", "[a].count", "whole number"),
    "number for bool": (f"[a]\n{GOOD}checked = 1", "[a].checked", "true or false"),
    "fraction for count": (f"[a]\n{GOOD}count = 1.5", "[a].count", "whole number"),
    "bad enum": (f'[a]\n{GOOD}colour = "green"', "[a].colour", "not one of red, blue"),
    "bad literal": (f'[a]\n{GOOD}side = "up"', "[a].side", "not one of left, right"),
    "short pair": (f"[a]\n{GOOD}window = [4]", "[a].window", "2 values are needed"),
    "scalar for list": (f'[a]\n{GOOD}tags = "x"', "[a].tags", "should be a list"),
    "bad list item": (f'[a]\n{GOOD}tags = ["x", 2]', "[a].tags[1]", "should be text"),
    "scalar for table": (f"[a]\n{GOOD}parts = [3]", "[a].parts[0]", "should be a table"),
    "unknown nested field": (f'[a]\n{GOOD}parts = [{{ nam = "p" }}]', "[a].parts[0].nam", "Unknown field"),
    "bad date": (f'[a]\n{GOOD}as_of = "22/11/2026"', "[a].as_of", "not a date"),
    "key given": (f'[a]\n{GOOD}key = "b"', "[a].key", "key is the table's name"),
    "stray scalar": (f"version = 3\n[a]\n{GOOD}", "version", "outside a table"),
    "own rule": (f"[a]\n{GOOD}window = [8, 4]", "[a]", "runs backwards"),
}


@pytest.mark.parametrize(("text", "place", "what"), BAD.values(), ids=BAD.keys())
def test_refuses_bad_rows(text, place, what):
    with pytest.raises(ProblemsError) as caught:
        load(HEAD + text)
    (problem,) = caught.value.problems
    assert problem.where.startswith("sample.toml")
    assert problem.where.endswith(place)
    assert what in problem.what
    assert caught.value.exit_status == 3


@pytest.mark.parametrize("text", ["[a", "[a]\n[a]", 'pam = "x\n', "a = 1\na = 2"])
def test_refuses_what_is_no_toml(text):
    with pytest.raises(InputError, match=r"sample.toml: This is not valid TOML"):
        load(text)


def test_reports_every_problem_at_once():
    with pytest.raises(ProblemsError) as caught:
        load('[a]\npam = "NGZ"\ncount = "x"\n[b]\nsources = ["doi:1"]')
    assert [p.where for p in caught.value.problems] == [
        "sample.toml [a].sources", "sample.toml [a].as_of", "sample.toml [a].pam", "sample.toml [a].count",
        "sample.toml [b].as_of", "sample.toml [b].pam",
    ]  # fmt: skip


def test_unknown_file_is_an_error_not_a_traceback():
    with pytest.raises(InputError, match="cannot be read"):
        load_rows("no-such.toml", Sample)


def test_versions_are_stable_digests():
    versions = catalogue_versions()
    assert versions == tuple(sorted(versions))
    names = [name for name, _ in versions]
    assert {"genes.toml", "editors.toml", "nucleases.toml", "vehicles.toml", "sites.toml"} <= set(names)
    assert all(len(digest) == 12 and int(digest, 16) >= 0 for _, digest in versions)
