"""``revertant replay``: check the codon edits of a dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson
from revertant.errors import IncompatibleInputsError

__all__ = ["replay"]


def replay(
    file: Annotated[Path, typer.Argument(help="replay.json in the folder constructs of a dossier.")],
    as_json: AsJson = False,
) -> None:
    """Replay every codon edit of a dossier, and check that the proteins are unchanged.

    The FASTA files beside the file are compared too. The exit status is 4 when anything does not hold.
    """
    from revertant.dossier import verify_replay
    from revertant.dossier.words import STATUS_WORDS, one_line
    from revertant.model import Status

    findings = verify_replay(file)
    failed = [finding.because for finding in findings if finding.status is Status.FAIL]
    if failed:
        raise IncompatibleInputsError(
            f"The replay does not hold: {' '.join(failed)}",
            where=str(file),
            remedy="Trust neither the sequences nor the file; make the dossier again.",
            code="replay-failed",
        )
    if as_json:
        rows = [{"rule": one.rule, "status": one.status.value, "because": one.because} for one in findings]
        console.print_json({"ok": True, "findings": rows})
        return
    for finding in findings:
        console.print_text(f"{STATUS_WORDS[finding.status]:<15} {one_line(finding.because)}")
