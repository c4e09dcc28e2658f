"""``revertant policy``: what the rules say of a case, and a decision made again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, Force
from revertant.cli.policy_checklists import checklists
from revertant.cli.world import Country, Day, place_and_day

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table

    from revertant.model import Finding
    from revertant.policy import Decision, Ordered, Rule, Rulebook, ScreeningRecord

__all__ = ["explain", "policy_app", "replay", "screen"]

policy_app = typer.Typer(no_args_is_help=True, help="What the rules say of a case, and why.")
policy_app.command()(checklists)

HouseRules = Annotated[
    Path | None,
    typer.Option("--rules", help="Rules of your own house (TOML) that are added to those of the package."),
]
_STYLES = {
    "pass": "green",
    "caution": "yellow",
    "fail": "bold red",
    "unknown": "magenta",
    "not_applicable": "dim",
}
_WORDS = {
    "fail": "denies",
    "unknown": "open",
    "caution": "applies",
    "pass": "met",
    "not_applicable": "silent",
}
_VERDICTS = {
    "denied": "DENIED: nothing is designed.",
    "open": "OPEN: something that a rule needs is not stated.",
    "committee": "COMMITTEE: a committee must agree.",
    "allowed": "ALLOWED: no rule stands against planning.",
}


@policy_app.command()
def explain(
    case: Annotated[Path, typer.Argument(help="Phenopacket (JSON) or case.yaml.")],
    country: Country = "",
    date: Day = "",
    rules: HouseRules = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show also the rules that are met or silent.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what every rule answers for a case, and why, with its source.

    Nothing is designed. With --json the decision log stands under "decision"; save it, and revertant policy replay
    makes the decision again. Rules hold where the case's jurisdiction, or --country, says; --date chooses the day.
    """
    from dataclasses import replace

    from revertant import patient, policy

    place, day = place_and_day(country, date)
    book = _book(rules)
    read = patient.read_case(case)
    asked = replace(read, jurisdiction=place) if place else read
    decision = policy.decide(asked, on_date=day, book=book)
    findings = policy.findings_of(decision, book=book)
    if as_json:
        console.print_json(
            {
                "ok": True,
                "verdict": decision.verdict,
                "rules": [
                    _row(book.of(one.rule_id), finding)
                    for one, finding in zip(decision.answers, findings, strict=True)
                ],
                "orders": [_order_row(rule) for rule in _order_rules(book, decision)],
                "decision": decision.as_json(),
            }
        )
        return
    console.print_rich(lambda _: _view(decision, findings, book, everything=everything))


@policy_app.command()
def replay(
    log: Annotated[
        Path,
        typer.Argument(help="A decision log: policy.json of a dossier, or the output of explain --json."),
    ],
    rules: HouseRules = None,
    as_json: AsJson = False,
) -> None:
    """Make a decision again from its log, and check that the answer is the same.

    The exit status is 4 when the rules are not those of the log, or an answer differs.
    """
    from revertant import policy

    decision = policy.replay(policy.read_decision(_text(log, "log")), book=_book(rules))
    if as_json:
        console.print_json({"ok": True, "verdict": decision.verdict, "digest": decision.digest})
        return
    console.print_text(
        f"The same answer: {decision.verdict.value}, from {len(decision.answers)} rules of digest "
        f"{decision.digest[:12]}."
    )


@policy_app.command()
def screen(
    order: Annotated[
        Path,
        typer.Argument(help="What is ordered: constructs_order.tsv or oligos.tsv of a dossier, or FASTA."),
    ],
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="The maker's screening certificate (TOML).")
    ] = None,
    databases: Annotated[
        Path | None, typer.Option("--databases", help="Folder of commec's databases: screen with commec.")
    ] = None,
    commec: Annotated[str, typer.Option("--commec", help="Name or path of commec.")] = "commec",
    country: Country = "",
    date: Day = "",
    rules: HouseRules = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the records to this JSON file.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Give every sequence of an order its biosecurity screening record.

    Records come from commec, where it is installed and --databases names its databases, or from the maker's
    certificate; without either every sequence is "not screened", with what to do. Vector parts from viruses are named,
    so that a reviewer knows which hits were to be expected. This software has no list of hazards and clears nothing.
    """
    from revertant import policy
    from revertant.errors import UsageError

    if certificate is not None and databases is not None:
        raise UsageError(
            "A certificate and a tool are named.", remedy="Name one of them.", code="two-screens"
        )
    if out is not None and out.exists() and not force:
        raise UsageError(f"{out} exists.", remedy="Name another file, or pass --force.", code="file-exists")
    place, day = place_and_day(country, date)
    book = _book(rules)
    ordered = policy.read_order(_text(order, "order"))
    records = _records(ordered, certificate, databases, commec)
    findings = [policy.screening_findings(one, jurisdiction=place, on_date=day, book=book) for one in records]
    rows = [{"record": one, "findings": found} for one, found in zip(records, findings, strict=True)]
    open_ones = sum(found[0].status.value == "unknown" for found in findings)
    result = {"ok": True, "not_screened": open_ones, "rules": book.digest, "sequences": rows}
    if out is not None:
        _write(out, result)
    if as_json:
        console.print_json(result)
        return
    console.print_rich(lambda _: _screened(records, [found[0] for found in findings]))


def _records(
    ordered: Sequence[Ordered], certificate: Path | None, databases: Path | None, commec: str
) -> Sequence[ScreeningRecord]:
    from revertant import policy

    if certificate is not None:
        return policy.read_certificate(_text(certificate, "certificate"), ordered)
    if databases is not None:
        return policy.run_commec(ordered, databases, executable=commec)
    return [policy.not_screened(one, "No tool was run and no certificate given.") for one in ordered]


def _write(out: Path, result: dict[str, object]) -> None:
    from revertant.errors import UsageError
    from revertant.model import canonical_json

    try:
        out.write_text(canonical_json(result, indent=1) + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror}).", remedy="Name another file."
        ) from error


def _screened(records: Sequence[ScreeningRecord], findings: Sequence[Finding]) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    from revertant.policy import HOW_TO_SCREEN

    made = _table("sequence", "nt", "record", "why", "expected hits")
    for record, finding in zip(records, findings, strict=True):
        viruses = dict.fromkeys(f"{part.key} ({part.virus})" for part in record.expected)
        made.add_row(
            record.name,
            str(record.length_nt),
            Text(record.state.value, style=_STYLES[finding.status.value]),
            record.because,
            "; ".join(viruses) or "none named",
        )
    tail = "Expected hits are vector parts from viruses; a reviewer clears them, this software does not."
    parts: list[RenderableType] = [made]
    if any(finding.status.value == "unknown" for finding in findings):
        parts.append(Text(f"Before you order: {HOW_TO_SCREEN}", style="bold"))
    return Group(*parts, Text(tail, style="italic"))


def _text(path: Path, what: str) -> str:
    from revertant.errors import InputError

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise InputError(
            f"The {what} cannot be read ({reason}).", where=str(path), remedy="Name a file."
        ) from error


def _book(path: Path | None) -> Rulebook:
    from revertant.errors import InputError
    from revertant.policy import rulebook

    if path is None:
        return rulebook()
    try:
        return rulebook(_text(path, "rules"))
    except ValueError as error:
        raise InputError(
            f"These rules cannot be used: {error}.",
            where=str(path),
            remedy="Write them in the form of the package's rule files (guide: policy).",
            code="bad-rules",
        ) from error


def _row(rule: Rule, finding: Finding) -> dict[str, object]:
    return {
        "rule": rule.rule_id,
        "title": rule.title,
        "jurisdictions": rule.jurisdictions,
        "from": rule.first_day.isoformat() if rule.first_day else None,
        "until": rule.last_day.isoformat() if rule.last_day else None,
        "effect": rule.effect,
        "status": finding.status,
        "because": finding.because,
        "value": finding.value,
        "citation": rule.sources,
        "checked": rule.checked,
    }


def _order_row(rule: Rule) -> dict[str, object]:
    return {
        "rule": rule.rule_id,
        "title": rule.title,
        "because": rule.because,
        "citation": rule.sources,
        "checked": rule.checked,
    }


def _order_rules(book: Rulebook, decision: Decision) -> list[Rule]:
    """Return the rules on orders of nucleic acid that are in force there and then."""
    return [
        rule
        for rule in book.rules
        if rule.about_order and rule.holds_in(decision.place) and rule.in_force(decision.on_date)
    ]


def _view(
    decision: Decision, findings: Sequence[Finding], book: Rulebook, *, everything: bool
) -> RenderableType:
    from rich.console import Group
    from rich.text import Text

    by_severity = sorted(
        zip(decision.answers, findings, strict=True), key=lambda pair: pair[1].status.severity
    )
    shown = [
        (one, finding)
        for one, finding in by_severity
        if everything or finding.status.value in {"fail", "unknown", "caution"}
    ]
    made = _table("rule", "effect", "answer", "why", "citation")
    for one, finding in shown:
        rule = book.of(one.rule_id)
        status = finding.status.value
        made.add_row(
            f"{rule.rule_id} {rule.title}",
            rule.effect.value,
            Text(_WORDS[status], style=_STYLES[status]),
            finding.because,
            _citation(rule),
        )
    place = decision.place or "no place named"
    day = f"on {decision.on_date}" if decision.on_date else "newest rules"
    head = Text(f"Policy: {place}, {day}", style="bold")
    verdict = Text(_VERDICTS[decision.verdict.value], style="bold")
    quiet = len(findings) - len(shown)
    tail = f"{quiet} more rules are met or silent (--all shows them). " if quiet else ""
    tail += f"{decision.elsewhere} rules of other places were not asked. Rules {decision.digest[:12]}."
    parts: list[RenderableType] = [head, verdict, made]
    orders = _order_rules(book, decision)
    if orders:
        parts += [Text("When nucleic acids are ordered", style="bold"), _orders(orders)]
    parts += [
        Text(tail),
        Text("No legal advice: have the law of the place read by someone who knows it.", style="italic"),
    ]
    return Group(*parts)


def _table(*columns: str) -> Table:
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        wide = {"rule": 2, "why": 5, "citation": 3, "sequence": 3, "expected hits": 3}.get(column)
        made.add_column(column, overflow="fold", ratio=wide, no_wrap=wide is None)
    return made


def _citation(rule: Rule) -> str:
    return "; ".join(rule.sources) + ("" if rule.checked else " (source not checked)")


def _orders(orders: Sequence[Rule]) -> Table:
    made = _table("rule", "effect", "why", "citation")
    for rule in orders:
        made.add_row(f"{rule.rule_id} {rule.title}", rule.effect.value, rule.because, _citation(rule))
    return made
