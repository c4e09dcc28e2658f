"""``revertant schema``: the published JSON schema of plan.json."""

from __future__ import annotations

from revertant.cli import console

__all__ = ["schema"]


def schema() -> None:
    """Print the JSON schema of plan.json."""
    from revertant.dossier import plan_schema

    console.print_json(plan_schema())
