"""Write the command reference from the command line itself: ``python docs/make_cli.py`` (a test compares)."""

from __future__ import annotations

from pathlib import Path

import typer

from revertant.cli import app

PAGE = Path(__file__).parent / "reference" / "cli.md"

HEAD = """# Commands

Results go to stdout or into `--out`; progress, notes and errors go to stderr. `--json` prints one object, errors
included. This page is written by `python docs/make_cli.py`.

| exit status | meaning |
|---|---|
| 0 | done |
| 1 | a bug in Revertant |
| 2 | the command does not make sense |
| 3 | a file or a value cannot be read |
| 4 | the inputs do not fit together |
| 5 | there is no design; the plan says why |
| 6 | stopped by a policy rule |
| 130 | interrupted |
| 143 | terminated (SIGTERM) |
"""


def page() -> str:
    """Return the whole page."""
    root = typer.main.get_command(app)
    return HEAD + "".join(_sections(root, "revertant"))


def _sections(command, path):
    commands = getattr(command, "commands", None)
    if commands is not None:
        for name in sorted(commands):
            yield from _sections(commands[name], f"{path} {name}")
        return
    text = " ".join((command.help or "").split("\n\n")[0].split())
    rest = [" ".join(part.split()) for part in (command.help or "").split("\n\n")[1:]]
    yield f"\n## {path}\n\n{text}\n"
    for part in rest:
        yield f"\n{part}\n"
    rows = [row for row in map(_row, command.params) if row]
    if rows:
        yield "\n| argument or option | meaning | default |\n|---|---|---|\n"
        yield from rows


def _row(parameter):
    if parameter.name == "help":
        return ""
    names = ", ".join(f"`{name}`" for name in parameter.opts)
    if parameter.param_type_name == "argument":
        names = f"`{parameter.name.upper()}`"
    default = parameter.default
    shown = "required" if parameter.required else "" if default in (None, False, "", ()) else f"`{default}`"
    return f"| {names} | {getattr(parameter, 'help', '') or ''} | {shown} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
