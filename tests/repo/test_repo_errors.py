"""One error tree, each class explained, each exit status in the documentation."""

from __future__ import annotations

import ast
import re

import pytest
from repo_house import MODULES, ROOT, name_of, tree_of

from revertant import errors

CLASSES = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_error_class_is_documented(error):
    assert error.__doc__
    assert error.__name__ in errors.__doc__, "put it in the tree of the module's docstring"
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{error.__name__}` \| {error.exit_status} \|", page, re.MULTILINE)
    assert row, "docs/reference/errors.md lists every error class with its exit status"


def test_codes_are_stable_names():
    codes = [error.default_code for error in CLASSES]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_errors_have_one_root(path):
    """Users' mistakes have one tree. A narrow ``ValueError`` that a room turns into one of these is fine."""
    roots = [
        node.name
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        and not node.name.startswith("_")
        and {ast.unparse(base) for base in node.bases} & {"Exception", "BaseException"}
    ]
    assert roots == (["RevertantError"] if path.name == "errors.py" else [])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_is_swallowed(path):
    """``except: pass`` hides a fault; ``contextlib.suppress`` of a named error says what is expected."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler):
            kind = ast.unparse(node.type) if node.type else ""
            assert kind, f"line {node.lineno}: bare except"
            silent = all(isinstance(item, ast.Pass) for item in node.body)
            assert not (silent and kind in {"Exception", "BaseException"}), f"line {node.lineno}"
