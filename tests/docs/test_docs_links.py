"""Links between the project's own texts lead somewhere."""

from __future__ import annotations

import re

import pytest
from docs_blocks import PAGES, ROOT

_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page):
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    missing = [target for target in _LINK.findall(text) if not (page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_page_starts_with_its_title(page):
    text = page.read_text(encoding="utf-8")
    assert text.startswith(("# ", "```{include}"))
