"""A report as the tests read it: elements, attributes and text, and what no page may do."""

from __future__ import annotations

from html.parser import HTMLParser

POISON = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}\u202e\x00"
VOID = {"meta", "link", "img", "br", "hr", "input", "wbr"}


class Page(HTMLParser):
    """Collects elements, attributes and text, and checks that elements close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.breaks = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        self.breaks = tag == "wbr"

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.breaks = False

    def handle_data(self, data):
        # A place where a line may break stands within a word.
        if self.breaks:
            self.words[-1] += data
        else:
            self.words.append(data)
        self.breaks = False

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def check_nothing_is_loaded(text: str) -> None:
    """Fail when a page loads anything, runs anything but its own script, or allows to."""
    page = Page(text)
    for tag, attrs in page.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert not {"src", "srcset", "style", "action", "background", "poster"} & attrs.keys()
        assert not [name for name in attrs if name.startswith("on")]
        address = attrs.get("href", "#")
        assert address.startswith("#") or (tag == "a" and address.startswith("https://"))
    assert "@import" not in text
    assert "url(" not in text
    policy = next(
        attrs["content"] for _, attrs in page.elements if "Content-Security" in attrs.get("http-equiv", "")
    )
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
