"""Put blocks on paper: paragraphs, headings with bookmarks, tables with header rows, fields and links of Word.

A paragraph is given the identifier of its style, not its name: python-docx goes through every style for each name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from revertant.dossier.review.blocks import Block, Bullets, Gap, Subheading, Table, Text
from revertant.dossier.words import one_line

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

__all__ = [
    "add_block",
    "add_field",
    "add_heading",
    "add_link",
    "add_paragraph",
    "add_table",
    "clean",
    "field_code",
    "field_mark",
    "shading",
]

_HEAD_FILL = "E8EEEE"
_WIDTH_CM = 17.4
_STATUS_FILLS = {
    "fail": "FAE1DD",
    "unknown": "E9E5F7",
    "caution": "FBECD2",
    "not met": "FAE1DD",
    "conflict": "E9E5F7",
    "missing": "E9E5F7",
}


def clean(words: str) -> str:
    """Keep out of a text what no XML may hold: control characters, and the two that are no characters at all."""
    return one_line(words).replace("\ufffe", " ").replace("\uffff", " ")


def shading(fill: str) -> Any:
    """Return the element that colours the ground of a paragraph, a style or a cell."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    shading = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", fill)):
        shading.set(qn(f"w:{key}"), value)
    return shading


def add_paragraph(
    document: Document, words: str, style: str = "Normal", *, strong: bool = False
) -> Paragraph:
    """Add a paragraph."""
    return _written(document.add_paragraph(), words, style, strong=strong)


def _written(paragraph: Paragraph, words: str, style: str, *, strong: bool = False) -> Paragraph:
    if style != "Normal":
        paragraph._p.style = style.replace(" ", "")  # noqa: SLF001 - the identifier that python-docx makes of a name
    if words:
        paragraph.add_run(clean(words)).bold = strong or None
    return paragraph


def add_heading(document: Document, words: str, level: int, anchor: str = "") -> None:
    """Add a heading; with an anchor it can be linked to."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    paragraph = add_paragraph(document, words, f"Heading {level}")
    if not anchor:
        return
    number = str(len(document.element.body.findall(f".//{qn('w:bookmarkStart')}")))
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), number)
    start.set(qn("w:name"), anchor)
    paragraph._p.insert(1, start)  # noqa: SLF001
    paragraph._p.append(end)  # noqa: SLF001


def add_block(document: Document, block: Block) -> None:
    """Add a block of a section."""
    match block:
        case Text():
            add_paragraph(document, block.words, strong=block.is_strong)
        case Subheading():
            add_heading(document, block.words, 4)
        case Bullets():
            for item in block.items:
                add_paragraph(document, item, "List Bullet")
        case Gap():
            paragraph = add_paragraph(document, "", "Gap")
            paragraph.add_run("Gap: ").bold = True
            paragraph.add_run(clean(block.words))
        case Table():
            add_table(document, block)


def add_table(document: Document, block: Table) -> None:
    """Add a table with its caption, a header row that every page repeats, and a description for screen readers."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm  # noqa: PLC0415

    add_paragraph(document, block.caption, "Caption")
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.header), style="Table Grid")
    table.autofit = False
    properties = table._tbl.tblPr  # noqa: SLF001 - alternative text has no public way in
    for name, text in (
        ("tblCaption", block.caption),
        ("tblDescription", f"Columns: {', '.join(block.header)}."),
    ):
        element = OxmlElement(f"w:{name}")
        element.set(qn("w:val"), clean(text))
        properties.append(element)
    widths = [Cm(_WIDTH_CM * share / sum(block.widths)) for share in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    # Word builds every row anew when it is asked for its cells: each row is asked once.
    for number, (row, values) in enumerate(zip(table.rows, (block.header, *block.rows), strict=True)):
        whole = row._tr.get_or_add_trPr()  # noqa: SLF001
        whole.append(OxmlElement("w:cantSplit"))
        if number == 0:
            whole.append(OxmlElement("w:tblHeader"))
        elif block.to_write_in:
            row.height = Cm(1.5)
        for cell, value, width in zip(row.cells, values, widths, strict=True):
            cell.width = width
            fill = _HEAD_FILL if number == 0 else _STATUS_FILLS.get(value, "")
            _fill(cell, value, fill, strong=number == 0)
    if block.more:
        add_paragraph(document, block.more, "Guidance")
    add_paragraph(document, "", "Cell")


def _fill(cell: _Cell, words: str, fill: str, *, strong: bool) -> None:
    _written(cell.paragraphs[0], words, "Cell", strong=strong)
    if fill:
        cell._tc.get_or_add_tcPr().append(shading(fill))  # noqa: SLF001


def add_field(paragraph: Paragraph, instruction: str, shown: str) -> None:
    """Add a field that Word works out, with what is shown until it does."""
    field_mark(paragraph, "begin")
    field_code(paragraph, instruction)
    field_mark(paragraph, "separate")
    paragraph.add_run(shown)
    field_mark(paragraph, "end")


def field_mark(paragraph: Paragraph, kind: str) -> None:
    """Add the begin, the separation or the end of a field."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)  # noqa: SLF001 - python-docx has no fields of its own


def field_code(paragraph: Paragraph, instruction: str) -> None:
    """Add what a field tells Word to work out."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    paragraph.add_run()._r.append(code)  # noqa: SLF001


def add_link(paragraph: Paragraph, words: str, anchor: str) -> None:
    """Add words that lead to a heading of this document."""
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415

    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(clean(words))
    link.append(run._r)  # noqa: SLF001
    paragraph._p.append(link)  # noqa: SLF001
