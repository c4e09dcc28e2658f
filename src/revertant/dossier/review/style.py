"""How the reviewer's document looks: page, language, styles, and the lines that run over and under every page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from revertant.dossier.review.paper import add_field, clean, shading

if TYPE_CHECKING:
    from docx.document import Document

    from revertant.model import Plan

__all__ = ["set_up"]

#: No clock: the day of the format itself stands in for the day of writing.
_FIXED_DAY = datetime(1980, 1, 1)  # noqa: DTZ001 - Word's property carries no zone
_INK, _SOFT, _WARN = "1B2430", "55606E", "945400"
_GAP_FILL = "FBECD2"
_LONGEST_TITLE = 200  # a property holds 255 letters


def set_up(document: Document, plan: Plan) -> None:
    """Set page, language, properties and styles."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415
    from docx.oxml import OxmlElement  # noqa: PLC0415
    from docx.oxml.ns import qn  # noqa: PLC0415
    from docx.shared import Cm, Pt, RGBColor  # noqa: PLC0415

    properties = document.core_properties
    properties.title = f"{clean(plan.case_id)[:_LONGEST_TITLE]}: plan for review"
    properties.subject = "Research use only"
    properties.author = properties.last_modified_by = _software(plan)[:_LONGEST_TITLE]
    properties.language = "en-GB"
    properties.comments = properties.keywords = properties.category = ""
    properties.created = properties.modified = _FIXED_DAY
    properties.revision = 1
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.8)
    page.top_margin = page.bottom_margin = Cm(1.9)
    styles = document.styles
    _strip(document)
    for language in styles.element.iter(qn("w:lang")):
        for name in list(language.attrib):
            del language.attrib[name]
        language.set(qn("w:val"), "en-GB")
    for name, size, colour in (
        ("Normal", 10, _INK),
        ("Title", 22, _INK),
        ("Heading 1", 17, _INK),
        ("Heading 2", 13.5, _INK),
        ("Heading 3", 11.5, _INK),
        ("Heading 4", 10.5, _SOFT),
        ("Caption", 9, _SOFT),
    ):
        style: Any = styles[name]
        _font(style, "Arial")
        style.font.size, style.font.color.rgb = Pt(size), RGBColor.from_string(colour)
    normal: Any = styles["Normal"]
    normal.paragraph_format.space_after = Pt(5)
    for name in ("Heading 1", "Heading 2", "Heading 3", "Heading 4"):
        heading: Any = styles[name]
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(14), Pt(4)
        heading.paragraph_format.keep_with_next = True
    caption: Any = styles["Caption"]
    caption.paragraph_format.space_before, caption.paragraph_format.space_after = Pt(8), Pt(3)
    caption.paragraph_format.keep_with_next = True
    for name, size, colour in (
        ("Gap", 10, _INK),
        ("Guidance", 8.5, _SOFT),
        ("Cell", 8.5, _INK),
        ("Contents entry", 10, _INK),
    ):
        added: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        added.base_style = normal
        added.font.size, added.font.color.rgb = Pt(size), RGBColor.from_string(colour)
        added.paragraph_format.space_after = Pt(4 if name in {"Gap", "Guidance"} else 1)
        added.paragraph_format.keep_with_next = name == "Guidance"
    gap: Any = styles["Gap"]
    properties_of_gap = gap.element.get_or_add_pPr()
    border = OxmlElement("w:pBdr")
    left = OxmlElement("w:left")
    for key, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", _WARN)):
        left.set(qn(f"w:{key}"), value)
    border.append(left)
    properties_of_gap.append(border)
    properties_of_gap.append(shading(_GAP_FILL))
    gap.paragraph_format.left_indent = Cm(0.3)
    _running_lines(document, plan)


def _strip(document: Document) -> None:
    """Take out what the template of python-docx brings and nobody uses: table styles by the dozen, and a picture."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415

    for style in list(document.styles):
        if style.type is WD_STYLE_TYPE.TABLE and style.name not in {"Normal Table", "Table Grid"}:
            style.delete()
    for part in (document.part, document.part.package):
        for key, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail", "/customXml")):
                del part.rels[key]


def _font(style: Any, name: str) -> None:
    """Name a font for every script; a theme's font would win over it."""
    from docx.oxml.ns import qn  # noqa: PLC0415

    style.font.name = name
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{key}"), None)
    for key in ("hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{key}"), name)


def _running_lines(document: Document, plan: Plan) -> None:
    """Put the research-use line on top of every page, and case and page number below."""
    page = document.sections[0]
    head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
    head.style = foot.style = document.styles["Guidance"]
    head.add_run("For research use. A hypothesis for qualified reviewers, with its gaps. Not a submission.")
    foot.add_run(f"{_software(plan)} · {clean(plan.case_id)} · page ")
    add_field(foot, "PAGE", "1")
    foot.add_run(" of ")
    add_field(foot, "NUMPAGES", "1")


def _software(plan: Plan) -> str:
    return clean(f"{plan.provenance.software} {plan.provenance.version}")
