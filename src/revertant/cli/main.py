"""The ``revertant`` command: its subcommands, and the one place where errors become exit statuses."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from revertant import __version__
from revertant.cli import console
from revertant.cli.atlas import atlas
from revertant.cli.car import car
from revertant.cli.cargo import cargo
from revertant.cli.demo import demo
from revertant.cli.design import design
from revertant.cli.edit import edit_app
from revertant.cli.index import index
from revertant.cli.offtargets import offtargets
from revertant.cli.once import OnceCommand
from revertant.cli.plan import plan
from revertant.cli.policy import policy_app
from revertant.cli.reference import reference_app
from revertant.cli.replay import replay
from revertant.cli.reproduce import reproduce
from revertant.cli.schema import schema
from revertant.cli.smn import smn
from revertant.cli.trials import trials_app
from revertant.cli.variant import variant
from revertant.cli.vector import vector
from revertant.errors import InputError, RevertantError

__all__ = ["app", "main"]

INTERRUPTED = 130
TERMINATED = 143
BUG = 1


class _Terminated(BaseException):
    """The process was asked to end."""


app = typer.Typer(
    name="revertant",
    help="Personalised gene therapy: one patient in, one review-ready plan out. For research use only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(plan)
app.command()(design)
app.command()(demo)
app.command()(variant)
app.command()(vector)
app.command()(cargo)
app.command()(car)
app.command()(atlas)
app.command()(smn)
app.command()(index)
app.command()(offtargets)
app.command()(replay)
app.command()(reproduce)
app.command()(schema)
app.add_typer(edit_app, name="edit")
app.add_typer(policy_app, name="policy")
app.add_typer(reference_app, name="reference")
app.add_typer(trials_app, name="trials")


def _each_option_once(typer_app: typer.Typer) -> None:
    """Let every command refuse an option that takes one value and is given twice."""
    for command in typer_app.registered_commands:
        command.cls = OnceCommand
    for group in typer_app.registered_groups:
        if group.typer_instance is not None:
            _each_option_once(group.typer_instance)


_each_option_once(app)


def _show_version(value: bool) -> None:
    if value:
        typer.echo(f"revertant {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Personalised gene therapy: one patient in, one review-ready plan out. For research use only."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status.

    Parameters
    ----------
    argv
        Arguments without the program's name; those of the process when left out.

    Returns
    -------
    int
        0 done, 1 bug, 2 usage, 3 bad input file, 4 inputs do not fit together, 5 no design found, 6 stopped by
        policy, 130 interrupted, 143 terminated.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    as_json = any(argument.startswith("--json") for argument in arguments)
    console.speak_any_language()
    try:
        with _ending_in_order():
            return _run(arguments, as_json=as_json)
    except _Terminated:
        console.note("Terminated.")
        return TERMINATED


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let SIGTERM, which a scheduler sends when the time is up, take away what was written so far."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    ours = os.getpid()

    def end(number: int, frame: object) -> None:
        del number, frame
        if os.getpid() != ours:  # a worker process that inherited this
            os._exit(TERMINATED)
        raise _Terminated

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _run(arguments: Sequence[str], *, as_json: bool) -> int:
    """Run a command; errors become exit statuses here."""
    try:
        status = app(args=arguments, prog_name="revertant", standalone_mode=False)
    except RevertantError as error:
        console.show_error(error, as_json=as_json)
        return error.exit_status
    except typer.Exit as done:
        return done.exit_code
    except (KeyboardInterrupt, typer.Abort):
        console.note("Interrupted.")
        return INTERRUPTED
    except (console.ReaderGoneError, BrokenPipeError):
        console.let_go_of_stdout()
        return 0
    except Exception as error:
        if console.show_usage_error(error, as_json=as_json):
            return 2
        if console.is_out_of_memory(error):
            shortage = InputError(
                "There is not enough memory.",
                remedy="Close other programs or raise the limit of this one (ulimit -v), then run it again.",
                code="no-memory",
            )
            console.show_error(shortage, as_json=as_json)
            return shortage.exit_status
        if console.wants_traceback():
            raise
        console.show_bug(error, as_json=as_json)
        return BUG
    if status == INTERRUPTED:  # what Typer makes of Ctrl-C inside a command
        console.note("Interrupted.")
    return status if isinstance(status, int) else 0
