"""What the documentation shows is run: Python blocks, and ``$ revertant`` lines of console blocks."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys

import pytest
from docs_blocks import PAGES, ROOT, blocks_of, revertant_commands, steps_of

MAIN = "import sys; from revertant.cli.main import main; sys.exit(main(sys.argv[1:]))"
COMMAND_LINE = (ROOT / "src" / "revertant" / "cli" / "main.py").exists()


def page_id(page):
    return page.relative_to(ROOT).as_posix()


def run_revertant(words, folder):
    environment = {
        **os.environ,
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "TERM": "dumb",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        [sys.executable, "-c", MAIN, *words],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )


def shows(expected, printed):
    """Whether the output is what the page shows; ``...`` stands for anything."""
    tidy = [
        re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n") + "\n" for text in (expected, printed)
    ]
    return doctest.OutputChecker().check_output(*tidy, doctest.ELLIPSIS)


RUNNABLE = [page for page in PAGES if any(b.language in {"python", "console"} for b in blocks_of(page))]


@pytest.mark.parametrize("page", RUNNABLE, ids=page_id)
def test_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "__docs__"}
    for block in blocks_of(page):
        if block.language == "python":
            # Padding makes a traceback name the page's own line.
            code = "\n" * (block.line - 1) + block.text
            exec(compile(code, str(page), "exec", dont_inherit=True), names)
        elif block.language == "console":
            _run_console(block, page, tmp_path)


def _run_console(block, page, folder):
    steps = steps_of(block)
    status = 0
    for number, step in enumerate(steps):
        place = f"{page_id(page)}:{step.line}: {step.command}"
        if step.command == "echo $?":
            assert step.shown.strip() == str(status), f"{place}: exit status {status}"
        elif re.match(r"revertant( |$)", step.command):
            if not COMMAND_LINE:
                pytest.skip("no command line in this tree")
            done = run_revertant(shlex.split(step.command)[1:], folder)
            status = done.returncode
            expects_status = number + 1 < len(steps) and steps[number + 1].command == "echo $?"
            assert status == 0 or expects_status, f"{place}: exit status {status}\n{done.stderr}"
            printed = done.stdout if status == 0 else done.stdout + done.stderr
            assert not step.shown.strip() or shows(step.shown, printed), f"{place} printed\n{printed}"


@pytest.fixture(scope="session")
def help_of(tmp_path_factory):
    """Return the help text of a command, read once."""
    known = {}

    def read(path):
        if path not in known:
            done = run_revertant([*path, "--help"], tmp_path_factory.getbasetemp())
            known[path] = done.stdout if done.returncode == 0 else ""
        return known[path]

    return read


@pytest.mark.skipif(not COMMAND_LINE, reason="no command line in this tree")
@pytest.mark.parametrize("page", [page for page in PAGES if revertant_commands(page)], ids=page_id)
def test_commands_and_options_exist(page, help_of):
    """Also for blocks that are not run: a page never shows a command or an option the program lacks."""
    for line, words in revertant_commands(page):
        place = f"{page_id(page)}:{line}"
        path = ()
        for word in words:
            if not re.fullmatch(r"[a-z][a-z-]*", word) or not re.search(
                r"\[OPTIONS\] COMMAND", help_of(path)
            ):
                break
            assert help_of((*path, word)), f"{place}: no command {' '.join((*path, word))!r}"
            path = (*path, word)
        for option in (word.split("=")[0] for word in words if word.startswith("--")):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", help_of(path)), f"{place}: no option {option}"


def test_a_page_is_read_as_intended(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "x\n\n```console\n$ revertant demo \\\n  --list\nHBB ...\n$ echo $?\n0\n```\n", encoding="utf-8"
    )
    (block,) = blocks_of(page)
    assert [(s.command, s.shown, s.line) for s in steps_of(block)] == [
        ("revertant demo --list", "HBB ...\n", 4),
        ("echo $?", "0\n", 7),
    ]
    assert revertant_commands(page) == [(4, ["demo", "--list"])]
    assert shows("HBB ...\n", "HBB sickle-cell disease   \n")
    assert not shows("HBB\n", "HBA\n")
