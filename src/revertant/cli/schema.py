"""``revertant schema``: the published JSON schemas."""

from __future__ import annotations

from typing import Annotated

import typer

from revertant.cli import console

__all__ = ["schema"]


def schema(
    name: Annotated[
        str, typer.Argument(help="plan (of plan.json) or nomination (of nomination.json).")
    ] = "plan",
) -> None:
    """Print the JSON schema of plan.json or of nomination.json."""
    import json

    from revertant.dossier import schema_text

    console.print_json(json.loads(schema_text(name)))
