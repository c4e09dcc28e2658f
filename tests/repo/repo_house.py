"""The house as the repository tests see it: its rooms in order, its modules, their public names."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "revertant"

#: A room imports only rooms that stand before it.
ROOMS = (
    "errors",
    "model",
    "sequence",
    "genome",
    "variant",
    "knowledge",
    "offtarget",
    "prediction",
    "modality",
    "patient",
    "policy",
    "trials",
    "planning",
    "dossier",
    "cohort",
    "casebook",
    "web",
    "cli",
)

MODULES = tuple(sorted(SOURCE.rglob("*.py")))


def name_of(path: Path) -> str:
    """Path below src, for test ids and messages (``genome/reference.py``)."""
    return path.relative_to(SOURCE).as_posix()


def dotted(path: Path) -> str:
    """Import name of a module (``revertant.genome.reference``)."""
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(path: Path) -> str:
    """Room a module lies in; empty for the package's own ``__init__``."""
    first = path.relative_to(SOURCE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> list[tuple[int, str]]:
    """Every absolute import, wherever it stands, as (line, dotted name)."""
    found = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if module == "revertant":
                found += [(node.lineno, f"revertant.{alias.name}") for alias in node.names]
            else:
                found.append((node.lineno, module))
    return found


def declared_names(path: Path) -> list[str] | None:
    """What ``__all__`` lists; None when the module has none."""
    for node in tree_of(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            return list(ast.literal_eval(node.value))
    return None
