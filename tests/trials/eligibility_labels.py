"""Lines of eligibility texts labelled by hand, and how a reading is held against them.

`eligibility/labels_*.tsv` hold lines of real records (by NCT number and the SHA-256 of the line's text; the texts stand in
the shared test data), split by record: the grammar was written against the development lines and measured on those held
out, in three sets one after the other (`docs/benchmarks/trials_eligibility.md`). `eligibility/written.tsv` holds lines in the manner of labels and protocols.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from revertant.trials.eligibility import EligibilityLine, EligibilityReading, criterion_code, read_eligibility

FOLDER = Path(__file__).parent / "eligibility"
RECORDS = ("ctgov_v2_aact_fixtures.jsonl.gz", "ctgov_v2_aml_cart_90.jsonl.gz")

#: The family a criterion's code is counted in, by the words it begins with.
FAMILIES = (
    ("performance status", r"(?:any\()?(?:all\(age\S* years & )?(?:any\()?(?:ECOG|Karnofsky|Lansky)"),
    ("age", r"age"),
    ("weight", r"weight"),
    ("sex", r"sex"),
    ("copy number", r"copies"),
    ("genotype", r"(?:biallelic|variant)"),
    ("antibody titre", r"titre"),
    ("washout", r"washout"),
    ("pregnancy", r"(?:pregnant|breast_feeding|contraception)"),
    ("infection", r"(?:hiv|hepatitis|active_|syphilis)"),
    ("earlier therapy", r"(?:any_gene|car_t|modified_cell|organ_trans|allogeneic|autologous)"),
    ("nervous system", r"cns_"),
    ("life expectancy", r"life_expectancy"),
    ("blasts", r"(?:any\()?(?:marrow|blood)_blasts"),
    ("other conditions", r"\w+=(?:yes|no)"),
    ("organ function", r""),
)


@dataclass(frozen=True)
class Labelled:
    """One line with what it asks, as a person read it."""

    nct: str
    digest: str
    polarity: str
    expected: tuple[str, ...]


@dataclass
class Score:
    """What a reading got right, by family."""

    right: Counter = field(default_factory=Counter)
    wrong: Counter = field(default_factory=Counter)
    missed: Counter = field(default_factory=Counter)
    inverted: list[str] = field(default_factory=list)
    polarity_wrong: list[str] = field(default_factory=list)
    reservation_missed: list[str] = field(default_factory=list)
    reserved_needlessly: int = 0
    lines: int = 0
    typed_lines: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return self.right.total() / max(self.right.total() + self.wrong.total(), 1)

    @property
    def recall(self) -> float:
        return self.right.total() / max(self.right.total() + self.missed.total(), 1)


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_labels(name: str) -> list[Labelled]:
    rows = []
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            nct, digest, polarity, expected = line.split("\t")
            rows.append(
                Labelled(nct, digest, polarity, () if expected == "-" else tuple(expected.split(" ; ")))
            )
    return rows


def read_written() -> list[tuple[str, str, tuple[str, ...]]]:
    rows = []
    for line in (FOLDER / "written.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            polarity, text, expected = line.split("\t")
            rows.append((polarity, text, () if expected == "-" else tuple(expected.split(" ; "))))
    return rows


def real_texts(shared_data: Path) -> dict[str, str]:
    """Return the eligibility texts of the real records by NCT number."""
    texts = {}
    for name in RECORDS:
        with gzip.open(shared_data / "trials" / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                section = json.loads(line)["protocolSection"]
                if text := section.get("eligibilityModule", {}).get("eligibilityCriteria"):
                    texts[section["identificationModule"]["nctId"]] = text
    return texts


def line_of(reading: EligibilityReading, digest: str) -> EligibilityLine:
    return next(line for line in reading.lines if digest_of(line.text) == digest)


def parts_of(code: str) -> list[str]:
    """Return a code as those of its limits: ``age>=18<=75 years`` is two."""
    bare = code.rstrip("~")
    found = re.fullmatch(r"([^<>=(]+)([<>]=?[\d.]+)([<>]=?[\d.]+)(.*)", bare)
    halves = [found[1] + found[2] + found[4], found[1] + found[3] + found[4]] if found else [bare]
    return [half + code[len(bare) :] for half in halves]


def plain(code: str) -> str:
    """Return a code without its reservation, alternatives in one order."""
    bare = code.replace("~", "").replace(" ", "")
    inner = re.compile(r"any\(([^()&]*\|[^()&]*)\)")
    return inner.sub(lambda found: f"any({'|'.join(sorted(found[1].split('|')))})", bare)


def family_of(code: str) -> str:
    return next(name for name, pattern in FAMILIES if re.match(pattern, code))


def turned(code: str) -> str | None:
    """Return what a code would say the wrong way round, as a pattern of its subject and the other side."""
    bare = plain(code)
    if found := re.fullmatch(r"(\w+)=(yes|no)", bare):
        return f"{found[1]}={'no' if found[2] == 'yes' else 'yes'}"
    if found := re.match(r"([^<>=()]+)([<>])", bare):
        return f"{found[1]}{'>' if found[2] == '<' else '<'}"
    return None


def hold(score: Score, where: str, line: EligibilityLine, expected: tuple[str, ...], polarity: str) -> None:
    """Hold one line against its label."""
    score.lines += 1
    got = [part for one in line.criteria for part in parts_of(criterion_code(one))]
    wanted = [part for code in expected for part in parts_of(code)]
    found, asked = Counter(map(plain, got)), Counter(map(plain, wanted))
    families = {plain(code): family_of(code) for code in (*got, *wanted)}
    score.typed_lines += bool(got)
    for counter, codes in (
        (score.right, found & asked),
        (score.wrong, found - asked),
        (score.missed, asked - found),
    ):
        counter.update(families[code] for code in codes.elements())
    if found != asked:
        score.faults.append(f"{where}: {line.text}\n    read {sorted(found)}\n    label {sorted(asked)}")
    for code in wanted:
        other = turned(code)
        same_side = any(
            plain(one).startswith(plain(code)[: len(other or "")]) for one in wanted if one != code
        )
        if (
            other
            and any(plain(one).startswith(other) for one in got)
            and plain(code) not in found
            and not same_side
        ):
            score.inverted.append(f"{where}: {code} in {line.text}")
    if got and line.polarity != polarity:
        score.polarity_wrong.append(f"{where}: {line.polarity}, label {polarity}: {line.text}")
    reserved = {plain(code): code.endswith("~") for code in got}
    for code in wanted:
        if plain(code) in reserved and reserved[plain(code)] is not code.endswith("~"):
            if code.endswith("~"):
                score.reservation_missed.append(f"{where}: {code} in {line.text}")
            else:
                score.reserved_needlessly += 1


def score_real(name: str, shared_data: Path) -> Score:
    score, texts, readings = Score(), real_texts(shared_data), {}
    for row in read_labels(name):
        reading = readings.setdefault(row.nct, read_eligibility(texts[row.nct]))
        hold(score, row.nct, line_of(reading, row.digest), row.expected, row.polarity)
    return score


def score_written() -> Score:
    score = Score()
    for polarity, text, expected in read_written():
        heading = "Inclusion" if polarity == "+" else "Exclusion"
        (line,) = read_eligibility(f"{heading} Criteria:\n\n* {text}").lines
        own = "exclusion" if re.search(r"excluded|not eligible", text) else heading.lower()
        hold(score, "written", line, expected, own)
    return score
