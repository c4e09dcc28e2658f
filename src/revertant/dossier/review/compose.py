"""Lay a plan out as the reviewer's document: every section in its order, and never one left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from revertant.dossier.review import clinical, safety, substance
from revertant.dossier.review.blocks import Block, Gap
from revertant.dossier.review.checklists import checklists
from revertant.dossier.review.pool import Sources, findings_of_section, questions_of_section
from revertant.dossier.review.sections import Section, sections
from revertant.model import Plan

__all__ = ["Review", "WrittenSection", "review_of"]

Writer = Callable[[Plan, Sources], tuple[Block, ...]]

_WRITERS: Mapping[str, Writer] = {
    "consent": clinical.consent,
    "designs": substance.designs,
    "distribution": safety.distribution,
    "files": substance.files,
    "introduction": clinical.introduction,
    "materials": substance.materials,
    "nomenclature": substance.nomenclature,
    "off_targets": safety.off_targets,
    "outcomes": safety.outcomes,
    "overview": safety.overview,
    "product": substance.product,
    "properties": substance.properties,
    "protocol": clinical.protocol,
    "rationale": clinical.rationale,
    "release": substance.release,
    "structure": substance.structure,
    "studies": clinical.studies,
}


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A section with what stands in it."""

    section: Section
    blocks: tuple[Block, ...]
    guidance: str

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Its gaps."""
        return tuple(block for block in self.blocks if isinstance(block, Gap))


@dataclass(frozen=True, slots=True)
class Review:
    """The whole document before it is written: sections in order, checklists, and the references by number."""

    sections: tuple[WrittenSection, ...]
    checklists: tuple[Block, ...]
    references: tuple[str, ...]

    @property
    def gap_count(self) -> int:
        """How many gaps there are."""
        return sum(len(one.gaps) for one in self.sections) + sum(
            isinstance(one, Gap) for one in self.checklists
        )


def review_of(plan: Plan) -> Review:
    """Lay a plan out in sections.

    Parameters
    ----------
    plan
        The plan; it may hold no design.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use.")
    >>> review = review_of(plan)
    >>> all(one.blocks for one in review.sections if one.section.level == 3)
    True
    """
    sources = Sources()
    written = tuple(_written(section, plan, sources) for section in sections())
    lists = checklists(plan, sources)
    return Review(written, lists, tuple(sources.numbers))


def _written(section: Section, plan: Plan, sources: Sources) -> WrittenSection:
    blocks = list(_WRITERS[section.part](plan, sources)) if section.part else []
    table = findings_of_section(plan, section.key, sources) if section.rules else None
    if table is not None:
        blocks.append(table)
    questions = questions_of_section(plan, section.key) if section.rules else ()
    if section.needs and not blocks and not questions and (section.number != "3.2.S" or not plan.designs):
        blocks.append(Gap(section.needs))
    blocks += questions
    blocks += [Gap(words) for words in section.gaps]
    return WrittenSection(section, tuple(blocks), sources.cite(section.sources, checked=section.checked))
