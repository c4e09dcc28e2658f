"""How every module is made: public names, teaching docstring, size, and what it never does."""

from __future__ import annotations

import ast
import importlib
import re

import pytest
from repo_house import MODULES, declared_names, dotted, name_of, room_of, tree_of

LONGEST = 800
LONG = 400
#: Modules past 400 lines that a reviewer let stand, each with its reason.
LONG_WITH_REASON: dict[str, str] = {
    "modality/car_t/targets/kernels_gates.py": "Numba's cache notices a change of a compiled function's own file only, "
    "and these call each other.",
}

every_module = pytest.mark.parametrize("path", MODULES, ids=name_of)
below_the_faces = pytest.mark.parametrize(
    "path", [path for path in MODULES if room_of(path) not in {"cli", "web"}], ids=name_of
)


@every_module
def test_module_has_a_docstring(path):
    text = ast.get_docstring(tree_of(path)) or ""
    assert len(text.split()) >= 4, "say what the module is for"


@every_module
def test_module_declares_its_public_names(path):
    names = declared_names(path)
    assert names is not None, "declare __all__"
    assert len(names) == len(set(names))
    module = importlib.import_module(dotted(path))
    missing = [name for name in names if not hasattr(module, name)]
    assert not missing, f"__all__ names what does not exist: {missing}"


@every_module
def test_public_definitions_are_declared(path):
    """What is defined without an underscore is in ``__all__``, so that nothing is public by accident."""
    names = set(declared_names(path) or ())
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    # A command of the CLI is reached by its decorator, not by its name.
    defined = {
        node.name
        for node in tree_of(path).body
        if isinstance(node, kinds) and not (room_of(path) == "cli" and node.decorator_list)
    }
    assert {name for name in defined if not name.startswith("_")} <= names


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=name_of)
def test_init_holds_only_imports_docstring_and_constants(path):
    """Nothing happens on import: no function, class, loop or call."""
    for node in tree_of(path).body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            ast.literal_eval(node.value)
            continue
        pytest.fail(
            f"{name_of(path)} line {node.lineno}: {type(node).__name__} does not belong in an __init__"
        )


@every_module
def test_module_is_short(path):
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST
    assert lines <= LONG or name_of(path) in LONG_WITH_REASON, f"{lines} lines: split it, or give a reason"


def test_reasons_for_length_are_still_needed():
    long = {name_of(p) for p in MODULES if len(p.read_text(encoding="utf-8").splitlines()) > LONG}
    assert set(LONG_WITH_REASON) <= long


@below_the_faces
def test_no_print_and_no_exit_below_the_faces(path):
    wrong = []
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in {"print", "exit", "quit", "sys.exit", "os._exit", "os.abort"}:
                wrong.append(f"line {node.lineno}: {called}()")
        elif isinstance(node, ast.Raise) and node.exc is not None and "SystemExit" in ast.unparse(node.exc):
            wrong.append(f"line {node.lineno}: SystemExit")
    assert not wrong


@every_module
def test_nothing_is_left_unfinished(path):
    text = path.read_text(encoding="utf-8")
    marks = re.findall(r"\b(?:TODO|FIXME|XXX|HACK)\b|\bfor now\b|\bNotImplementedError\b", text)
    assert not marks
    # In a Protocol or an abstract class "..." is the whole of the body; elsewhere it is a stub.
    abstract = {"Protocol", "ABC"}
    for node in ast.walk(tree_of(path)):
        bases = {ast.unparse(base).split("[")[0].split(".")[-1] for base in getattr(node, "bases", [])}
        if isinstance(node, ast.ClassDef) and not bases & abstract:
            for item in node.body:
                if isinstance(item, ast.FunctionDef) and "overload" not in map(
                    ast.unparse, item.decorator_list
                ):
                    assert not _is_stub(item), f"line {item.lineno}: {item.name} is a stub"
    for item in tree_of(path).body:
        if isinstance(item, ast.FunctionDef) and "overload" not in map(ast.unparse, item.decorator_list):
            assert not _is_stub(item), f"line {item.lineno}: {item.name} is a stub"


def _is_stub(function: ast.FunctionDef) -> bool:
    # ``no_progress`` and its like do nothing on purpose and say so by name; a Typer callback only holds options.
    if function.name.startswith("no_") or any("callback" in ast.unparse(d) for d in function.decorator_list):
        return False
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...)
        for node in body
    )


@every_module
def test_module_does_not_reach_out_of_the_package(path):
    """The package never reads the project's test data, nor any other place beside itself."""
    text = path.read_text(encoding="utf-8")
    assert "../shared" not in text
    assert "REVERTANT_TEST_DATA" not in text
