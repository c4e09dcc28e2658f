"""Fenced code blocks of the documentation, as the tests read them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = tuple(sorted((ROOT / "docs").rglob("*.md"))) + tuple(sorted(ROOT.glob("*.md")))
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^(?P=indent)```\s*$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block: its language, its text, and the line of the page its text starts on."""

    language: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a ``console`` block and the output shown below it."""

    command: str
    shown: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(match["language"], match["body"], text.count("\n", 0, match.start("body")) + 1)
        for match in _FENCE.finditer(text)
    ]


def steps_of(block: Block) -> list[Step]:
    """Commands start with ``$ ``; a line that ends in a backslash goes on in the next one."""
    steps: list[Step] = []
    lines = iter(enumerate(block.text.splitlines(), start=block.line))
    for number, line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command = command[:-1] + next(lines)[1].strip()
            steps.append(Step(command, "", number))
        elif steps:
            last = steps[-1]
            steps[-1] = Step(last.command, last.shown + line + "\n", last.line)
    return steps


def revertant_commands(page: Path) -> list[tuple[int, list[str]]]:
    """Every call of the command a page shows, in whatever kind of block, as (line, words)."""
    found = []
    for block in blocks_of(page):
        if block.language not in {"console", "text", "bash", "sh", "shell"}:
            continue
        joined = re.sub(r"\\\n\s*", " ", block.text)
        for offset, line in enumerate(joined.splitlines()):
            for call in line.removeprefix("$ ").split("&&"):
                words = call.strip()
                if re.match(r"revertant( |$)", words):
                    found.append((block.line + offset, shlex.split(words, comments=True)[1:]))
    return found
