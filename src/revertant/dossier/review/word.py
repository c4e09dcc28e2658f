"""Write the reviewer's document as Word, with the same bytes for the same plan.

Everything that would change from run to run is fixed: the times in the properties and in the ZIP archive, and the order
of its members. They are stored, not compressed, since compressors differ from one machine to the next.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from revertant.dossier.review.blocks import Table
from revertant.dossier.review.compose import Review, review_of
from revertant.dossier.review.paper import (
    add_block,
    add_heading,
    add_link,
    add_paragraph,
    add_table,
    field_code,
    field_mark,
    shading,
)
from revertant.dossier.review.style import set_up
from revertant.dossier.words import count_text

if TYPE_CHECKING:
    from docx.document import Document

    from revertant.model import Plan

__all__ = ["review_docx"]

_NOTICE_FILL = "F0EDE5"
_SIGNED = ("Name", "Role and organisation", "What this signature means", "Date and time", "Signature")


def review_docx(plan: Plan) -> bytes:
    """Return the bytes of ``review.docx``.

    Parameters
    ----------
    plan
        The plan; it may hold no design.

    Examples
    --------
    >>> from revertant.model import Plan, Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use.")
    >>> review_docx(plan)[:2], review_docx(plan) == review_docx(plan)
    (b'PK', True)
    """
    import docx  # noqa: PLC0415 - python-docx and lxml are loaded where a document is written

    document = docx.Document()
    set_up(document, plan)
    review = review_of(plan)
    _front(document, plan, review)
    for number, written in enumerate(review.sections):
        section = written.section
        title = f"{section.number} {section.title}"
        add_heading(document, title, section.level, f"section_{number}")
        if written.guidance:
            add_paragraph(document, f"Guidance: {written.guidance}", "Guidance")
        for block in written.blocks:
            add_block(document, block)
    add_heading(document, "Guidance documents as checklists", 1, "checklists")
    for block in review.checklists:
        add_block(document, block)
    _back(document, plan, review)
    buffer = io.BytesIO()
    document.save(buffer)
    return _fixed(buffer.getvalue())


def _front(document: Document, plan: Plan, review: Review) -> None:
    """Write the title, the notice, what this is, and the contents."""
    add_paragraph(document, f"Plan for review: {plan.case_id}", "Title")
    add_paragraph(document, plan.question)
    add_paragraph(document, plan.verdict, strong=True)
    notice = add_paragraph(document, _notice(plan))
    notice._p.get_or_add_pPr().append(shading(_NOTICE_FILL))  # noqa: SLF001 - no public way to shade a paragraph
    add_paragraph(
        document,
        "This document lays the plan out in the order of the Common Technical Document: a reviewer finds what is "
        "there and sees what is not. It is no submission and cannot be made one by signing it. "
        f"{count_text(review.gap_count, 'gap is', 'gaps are')} printed in it, each where it belongs and marked “Gap”.",
    )
    add_block(
        document,
        Table(
            "Gaps by section",
            ("Section", "Title", "Gaps"),
            tuple(
                (one.section.number, one.section.title, str(len(one.gaps)))
                for one in review.sections
                if one.gaps
            ),
            (15, 73, 12),
        ),
    )
    _contents(document, review)


def _notice(plan: Plan) -> str:
    return plan.notice if "research use" in plan.notice.lower() else f"For research use. {plan.notice}"


def _contents(document: Document, review: Review) -> None:
    """Write a table of contents that shows at once, and that Word can renew."""
    from docx.shared import Cm  # noqa: PLC0415

    add_paragraph(document, "Contents", "Heading 1")
    entries = [
        (f"{one.section.number} {one.section.title}", one.section.level, f"section_{number}")
        for number, one in enumerate(review.sections)
    ]
    entries += [
        ("Guidance documents as checklists", 1, "checklists"),
        ("References", 1, "references"),
        ("What this rests on", 1, "provenance"),
        ("Human sign-off", 1, "sign_off"),
    ]
    for place, (title, level, anchor) in enumerate(entries):
        paragraph = add_paragraph(document, "", "Contents entry")
        paragraph.paragraph_format.left_indent = Cm(0.6 * (level - 1))
        if place == 0:
            field_mark(paragraph, "begin")
            field_code(paragraph, 'TOC \\o "1-3" \\n \\h \\z')
            field_mark(paragraph, "separate")
        add_link(paragraph, title, anchor)
        if place == len(entries) - 1:
            field_mark(paragraph, "end")


def _back(document: Document, plan: Plan, review: Review) -> None:
    """Write references, provenance and the block to be signed."""
    add_heading(document, "References", 1, "references")
    add_paragraph(
        document, "“Unchecked” beside a number: nobody has held that statement against the document it names."
    )
    for number, source in enumerate(review.references, start=1):
        add_paragraph(document, f"[{number}] {source}", "Cell")
    if not review.references:
        add_paragraph(document, "No source is named in this plan.")
    add_heading(document, "What this rests on", 1, "provenance")
    provenance = plan.provenance
    add_paragraph(
        document,
        f"{provenance.software} {provenance.version}, plan schema {plan.schema}. The same inputs give the same bytes.",
    )
    rows = [
        *((one.role, one.name, one.sha256) for one in provenance.inputs),
        *(("catalogue", name, version) for name, version in provenance.catalogues),
        *(("parameter", name, value) for name, value in provenance.parameters),
    ]
    if rows:
        add_table(
            document, Table("Provenance", ("Role", "Name", "Version or digest"), tuple(rows), (16, 36, 48))
        )
    tallies = tuple(
        (
            one.name,
            f"{one.read:,}",
            f"{one.kept:,}",
            "; ".join(f"{count:,} × {why}" for why, count in one.refused) or "none",
        )
        for one in plan.tallies
    )
    if tallies:
        add_table(
            document,
            Table(
                "Row accounts: read = kept + refused",
                ("What", "Read", "Kept", "Refused, and why"),
                tallies,
                (28, 11, 11, 50),
            ),
        )
    add_heading(document, "Human sign-off", 1, "sign_off")
    add_paragraph(document, _notice(plan))
    add_paragraph(
        document, "This plan is a hypothesis until a qualified person has reviewed it and signed here."
    )
    blank = tuple(("\u00a0",) * len(_SIGNED) for _ in range(3))
    add_table(document, Table("Signatures", _SIGNED, blank, (22, 22, 22, 14, 20), to_write_in=True))


def _fixed(data: bytes) -> bytes:
    """Pack an archive again with fixed times and modes, and without the thumbnail of the template."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        names = sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name))
        for name in names:
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.external_attr, entry.create_system = 0o600 << 16, 3
            new.writestr(entry, old.read(name))
    return out.getvalue()
