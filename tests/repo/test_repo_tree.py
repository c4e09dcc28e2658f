"""The files around the package agree with it and with each other."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib

import pytest
from repo_house import MODULES, ROOMS, ROOT, SOURCE, room_of

import revertant

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
TEXT_FILES = [
    path
    for folder in ("src", "tests", "docs", "benchmarks", "training", ".github", ".ci")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in {".py", ".md", ".toml", ".yml", ".yaml", ".json", ".html", ".css", ".js", ""}
    and path.is_file()
    and "__pycache__" not in path.parts
] + sorted(ROOT.glob("*.md"))


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("room", sorted({room_of(path) for path in MODULES} - {""}))
def test_tests_mirror_the_source(room):
    """A room that is one file may have one test file beside the folders."""
    found = [*(ROOT / "tests" / room).glob("test_*.py"), *(ROOT / "tests").glob(f"test_{room}.py")]
    assert found, f"tests/{room} holds no test"


def test_test_folders_are_rooms_or_named_kinds():
    kinds = {"repo", "docs", "golden", "archive", "rediscovery"}
    folders = {
        path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name != "__pycache__"
    }
    assert folders <= {*ROOMS, *kinds}


def test_test_files_have_unique_names():
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names))


def test_readme_shows_the_two_commands():
    readme = _read("README.md")
    assert "pip install . && revertant demo\n" in readme
    assert 'pip install -e ".[test]" && pytest\n' in readme
    assert "research use" in readme.lower()


def test_version_stands_in_one_place():
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert PROJECT["tool"]["hatch"]["version"]["path"] == "src/revertant/__init__.py"
    assert re.fullmatch(r"\d+\.\d+\.\d+", revertant.__version__)
    # conf.py and the changelog must not say it a second time in another form.
    assert revertant.__version__ not in _read("docs/conf.py")
    assert re.search(
        r"^## \[(Unreleased|" + re.escape(revertant.__version__) + r")\]", _read("CHANGELOG.md"), re.MULTILINE
    )


def test_licence_is_the_whole_apache_text():
    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    assert PROJECT["project"]["license"] == "Apache-2.0"


def test_extras_are_what_the_documents_name():
    extras = PROJECT["project"]["optional-dependencies"]
    assert {"test", "docs", "dev"} <= set(extras)
    assert any(line.startswith("revertant[") for line in extras["dev"])
    named = set(re.findall(r'pip install -e "\.\[(\w+)\]"', _read("README.md") + _read("CONTRIBUTING.md")))
    assert named <= set(extras)


def test_python_versions_agree():
    listed = [
        line.rsplit(" ", 1)[1]
        for line in PROJECT["project"]["classifiers"]
        if line.startswith("Programming Language :: Python :: 3.")
    ]
    assert PROJECT["project"]["requires-python"] == f">={listed[0]}"
    workflow = _read(".github/workflows/ci.yml")
    assert re.findall(r'"(3\.\d+)"', workflow) == listed
    assert "permissions:\n  contents: read\n" in workflow
    for action in re.findall(r"uses: (\S+)", workflow):
        assert re.search(r"@[0-9a-f]{40}$", action), f"{action} is not pinned by its commit"


def test_dependencies_are_explained():
    """Each run-time dependency has a row in the decision record that chose it."""
    record = _read("docs/decisions/0003-dependencies.md").lower()
    for line in PROJECT["project"]["dependencies"]:
        name = re.match(r"[\w-]+", line).group()
        assert f"| {name.lower()} |" in record, f"give {name} a row with its reason"


def test_every_check_is_one_script():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    last = [line for line in script.read_text(encoding="utf-8").splitlines() if line.strip()][-1]
    assert last.startswith("pytest"), "the last thing printed is pytest's closing line"


def test_every_room_has_a_reference_page():
    built = {room_of(path) for path in MODULES} - {"", "cli"}
    pages = {path.stem for path in (ROOT / "docs" / "reference").glob("*.md")}
    assert built <= pages


@pytest.mark.parametrize("room", sorted({room_of(path) for path in MODULES} - {""}))
def test_architecture_page_names_every_room(room):
    assert f"`{room}`" in _read("docs/explanation/architecture.md")


def test_catalogues_and_templates_lie_beside_their_readers():
    """Data are in the package, where hatchling puts them into the wheel, never in a folder of their own."""
    odd = [path for path in SOURCE.rglob("*") if path.suffix in {".csv", ".xlsx", ".pkl", ".joblib"}]
    assert not odd


@pytest.mark.parametrize("path", TEXT_FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_text_is_utf8_with_unix_lines(path):
    data = path.read_bytes()
    data.decode("utf-8")
    if "data" not in path.parts:
        assert b"\r" not in data
        assert not data or data.endswith(b"\n")
