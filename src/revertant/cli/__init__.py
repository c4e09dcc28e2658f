"""The command line: one file for each command, and nothing in them but reading options and calling rooms.

Results go to stdout or into ``--out``; progress, notes and errors go to stderr. Heavy rooms are imported inside
the commands, so that ``revertant --help`` answers at once.
"""

from revertant.cli.main import app, main

__all__ = ["app", "main"]
