"""What a plan says to the person it is about: sections of sentences chosen by what is in the plan.

Only the catalogue's sentences are used; names of genes, products and tumours are put into them as they are. Nothing is
promised, no figure is given but counts, and what is not known is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from revertant.dossier.family.reading import METHOD, grade_level
from revertant.dossier.family.sentences import HardWord, Sentences, sentences
from revertant.dossier.selection import needs_search
from revertant.dossier.views.products import product_views
from revertant.model import (
    Design,
    Finding,
    GenomeForm,
    LabelVerdict,
    Mechanism,
    Plan,
    RankedDesign,
    Rejection,
    Status,
    Target,
    TrialVerdict,
)

__all__ = ["Story", "StorySection", "is_for_a_person", "story_of"]

#: Kinds of ways that are named one by one.
_MOST_KINDS = 5
_MOST_TOPICS = 9
_AAV = {GenomeForm.SINGLE_STRANDED_AAV, GenomeForm.SELF_COMPLEMENTARY_AAV, GenomeForm.DUAL_AAV}
_MECHANISMS = {
    Mechanism.LOSS_OF_FUNCTION: "asked.too_little",
    Mechanism.HAPLOINSUFFICIENCY: "asked.too_little",
    Mechanism.GAIN_OF_FUNCTION: "asked.harm",
    Mechanism.DOMINANT_NEGATIVE: "asked.harm",
    Mechanism.SPLICE: "asked.misread",
    Mechanism.REPEAT_EXPANSION: "asked.repeated",
    Mechanism.UNKNOWN: "asked.mechanism_unknown",
}
#: The first part of a rule's name, and the topic its open questions belong to.
_TOPICS = {
    "offtarget": "offtarget", "guide": "guide", "site": "guide", "edit": "edit", "splice": "splice", "n1c": "splice",
    "oligo": "oligo", "donor": "donor", "immunity": "immunity", "deaminase": "deaminase", "delivery": "delivery",
    "conditioning": "conditioning", "knowledge": "knowledge", "mechanism": "mechanism", "target": "target",
    "case": "target", "vcf": "target", "variant": "target", "copies": "target", "smn": "target", "patient": "patient",
    "dose": "dose", "packaging": "packaging", "vector": "vector", "lentiviral": "vector", "policy": "policy",
    "product": "product", "label": "product", "car_t": "cells", "receptor": "cells", "edits": "cells",
    "tumour": "tumour", "genome": "genome", "trials": "study", "trial": "study", "reference": "reference",
}  # fmt: skip
#: What comes before any new way, and what a new way has to wait for.
_FIRST_TOPICS = {"reference", "product", "study"}
#: The rule of a variant that lies where the reference holds nothing: its gene was not looked at.
_OUTSIDE = "reference.covers_variant"


@dataclass(frozen=True, slots=True)
class StorySection:
    """A section: paragraphs, then a list, then paragraphs again; ``key`` names its heading in the catalogue."""

    key: str
    before: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything it says."""
        return (*self.before, *self.items, *self.after)


@dataclass(frozen=True, slots=True)
class Story:
    """The whole page: sections, the hard words they use, and how hard it is to read (a school grade)."""

    sections: tuple[StorySection, ...]
    words: tuple[HardWord, ...]
    grade: float
    level: str


def is_for_a_person(plan: Plan) -> bool:
    """Whether a plan is about somebody: a design made without a case has nobody to speak to."""
    return all(finding.rule != "case.none" for finding in plan.findings)


def story_of(plan: Plan) -> Story:
    """Tell a plan in plain words.

    Parameters
    ----------
    plan
        The plan of a person.

    Examples
    --------
    >>> from revertant.model import Provenance
    >>> origin = Provenance("revertant", "0", (), (), ())
    >>> plan = Plan("s", "c", "Why?", "No.", (), (), (), (), (), (), None, (), origin, "Research use.")
    >>> story = story_of(plan)
    >>> [section.key for section in story.sections]
    ['about', 'asked', 'found', 'not_mean', 'unknown', 'next', 'ask']
    >>> story.grade < 8
    True
    """
    say = sentences()
    sections = (
        StorySection("about", _all(say, "about")),
        StorySection("asked", tuple(_asked(plan, say))),
        _found(plan, say),
        StorySection("not_mean", items=_all(say, "not_mean")),
        _unknown(plan, say),
        StorySection("next", items=tuple(_next(plan, say))),
        StorySection("ask", items=tuple(_ask(plan, say))),
    )
    whole = " ".join(text for section in sections for text in section.texts)
    words = tuple(word for word in say.words if word.is_in(whole))
    texts = [text for section in sections for text in section.texts]
    grade = grade_level([*texts, *(word.means for word in words)])
    level = say.say("page.level", grade=f"{max(grade, 1):.1f}", method=METHOD)
    return Story(sections, words, grade, level)


def _all(say: Sentences, part: str) -> tuple[str, ...]:
    return tuple(text for key, text in say.texts.items() if key.startswith(f"{part}."))


def _standing(plan: Plan) -> list[RankedDesign]:
    return [ranked for ranked in plan.designs if not ranked.tier.startswith("stopped")]


def _not_looked_at(plan: Plan) -> list[Rejection]:
    """Routes that nobody judged, because the reference does not reach their gene."""
    if not any(finding.rule == _OUTSIDE for finding in plan.findings):
        return []
    genes = {target.gene for target in plan.targets}
    return [one for one in plan.rejections if one.route is None and one.acts_on not in genes]


def _outside_genes(plan: Plan) -> list[str]:
    return list(dict.fromkeys(one.acts_on for one in _not_looked_at(plan)))


def _asked(plan: Plan, say: Sentences) -> Iterator[str]:
    genes = list(dict.fromkeys(target.gene for target in plan.targets))
    if plan.tumour is not None:
        yield say.say("asked.tumour", disease=plan.tumour.disease)
    if len(genes) == 1:
        yield say.say("asked.gene", gene=genes[0])
    elif genes:
        yield say.say("asked.genes", genes=_and(genes))
    outside = _outside_genes(plan)
    for gene in outside:
        yield say.say("asked.outside", gene=gene)
    if not genes:
        if plan.tumour is None and not outside:
            yield say.say("asked.nothing")
        return
    yield say.say("asked.what_gene")
    for target in plan.targets:
        yield f"{_copies(target, say)} {say.say(_MECHANISMS[target.mechanism])}"


def _copies(target: Target, say: Sentences) -> str:
    if not target.alleles:
        return say.say("asked.copies", gene=target.gene)
    key = {True: "both", False: "one", None: "not_told"}[target.biallelic]
    return say.say(f"asked.{key}", gene=target.gene)


def _found(plan: Plan, say: Sentences) -> StorySection:
    before = list(_products(plan, say))
    if any(match.verdict is TrialVerdict.POSSIBLE for match in plan.trials):
        before.append(say.say("found.studies"))
    standing = _standing(plan)
    groups = len({ranked.group for ranked in standing})
    kinds: list[str] = []
    after: list[str] = []
    if standing:
        before.append(say.say("found.one_way") if groups == 1 else say.say("found.ways", count=groups))
        kinds = list(dict.fromkeys(_kind(ranked.design, say) for ranked in standing))[:_MOST_KINDS]
        before.append(say.say("found.kind" if len(kinds) == 1 else "found.kinds"))
        if any(_fails_delivery(finding) for finding in standing[0].assessment.findings):
            after.append(say.say("found.not_reached"))
        if any(ranked.design.precedent_stage in {"approved", "clinical"} for ranked in standing):
            after.append(say.say("found.used_before"))
    else:
        before.append(say.say("found.stopped" if plan.designs else "found.none"))
        before += [say.say("found.not_looked", gene=gene) for gene in _outside_genes(plan)]
        if not any(match.verdict in {LabelVerdict.FITS, LabelVerdict.FITS_IF} for match in plan.products):
            before.append(say.say("found.sorry"))
    if plan.tumour is not None:
        after.append(say.say("found.no_target"))
    judged = len(plan.rejections) - len(_not_looked_at(plan))
    if judged:
        after.append(say.say("found.others", count=judged) if judged > 1 else say.say("found.one_other"))
    return StorySection("found", tuple(before), tuple(kinds), tuple(after))


def _fails_delivery(finding: Finding) -> bool:
    return finding.status is Status.FAIL and finding.rule.startswith("delivery.")


def _kind(design: Design, say: Sentences) -> str:
    # Exons are left out by an oligo, which leaves the gene as it is, or by an edit of the gene, which does not.
    edits = design.modality == "splice_switching" and not design.antisense
    key = "kind.splice_edit" if edits else f"kind.{design.modality}"
    return say.texts.get(key, say.texts["kind.other"])


def _products(plan: Plan, say: Sentences) -> Iterator[str]:
    """One sentence for each product, by the best verdict it has anywhere; those that do not fit share one."""
    order = list(LabelVerdict)
    unfit = []
    for view in product_views(plan):
        best = min((match.verdict for match in view.matches), key=order.index)
        places = [match.jurisdiction for match in view.matches if match.verdict is best]
        named = _and([say.texts.get(f"place.{place}", place) for place in places])
        if best is LabelVerdict.DOES_NOT_FIT:
            unfit.append(view.name)
        else:
            yield say.say(f"found.{best.value}", product=view.name, places=named)
    if len(unfit) == 1:
        yield say.say("found.does_not_fit", product=unfit[0])
    elif unfit:
        yield say.say("found.do_not_fit", products=_and(unfit))
    if not plan.products:
        yield say.say("found.no_product")


def _unknown(plan: Plan, say: Sentences) -> StorySection:
    topics = list(dict.fromkeys(_topic(one.rule, plan) for one in plan.unknowns))
    topics.sort(key=lambda topic: topic not in _FIRST_TOPICS)
    # "More in the full report" closes a list; alone or in its midst it would say nothing.
    named = [topic for topic in topics if topic != "other"][:_MOST_TOPICS]
    items = [say.say(f"topic.{topic}") for topic in named]
    if len(named) < len(topics):
        items.append(say.say("topic.other"))
    number = len(plan.unknowns)  # all of them: every page of a dossier names the same number
    first = say.say("unknown.none") if not number else say.say("unknown.one") if number == 1 else ""
    first = first or say.say("unknown.count", count=number)
    after = [*_search(plan, say), say.say("unknown.not_pass")]
    return StorySection("unknown", (first,), tuple(items), tuple(after))


def _topic(rule: str, plan: Plan) -> str:
    topic = _TOPICS.get(rule.split(".", maxsplit=1)[0], "other")
    # Whoever has no tumour is not asked about one: the word alone would frighten.
    return "other" if topic == "tumour" and plan.tumour is None else topic


def _search(plan: Plan, say: Sentences) -> Iterator[str]:
    if not any(needs_search(ranked.design) and not ranked.design.antisense for ranked in _standing(plan)):
        return
    if plan.coverage is None:
        yield say.say("unknown.no_search")
        return
    if not plan.coverage.genome_wide:
        yield say.say("unknown.part_search")
    own = "patient haplotypes" in plan.coverage.genomes
    yield say.say("unknown.own_search" if own else "unknown.standard_search")


def _next(plan: Plan, say: Sentences) -> Iterator[str]:
    if _may_be_given(plan):
        yield say.say("next.product_first")
    yield say.say("next.experts")
    if _not_looked_at(plan):
        yield say.say("next.outside")
    yield say.say("next.tests")
    if _standing(plan):
        yield say.say("next.lab")
        yield say.say("next.board")
        yield say.say("next.many_stop")
    yield say.say("next.you_decide")
    if any(one.rule == "policy.G8" and one.status is not Status.NOT_APPLICABLE for one in plan.gate):
        yield say.say("next.child")


def _may_be_given(plan: Plan) -> list[str]:
    """Names of the products that fit, or may fit once more is known."""
    fitting = {LabelVerdict.FITS, LabelVerdict.FITS_IF}
    return list(dict.fromkeys(match.product_name for match in plan.products if match.verdict in fitting))


def _ask(plan: Plan, say: Sentences) -> Iterator[str]:
    designs = [ranked.design for ranked in _standing(plan)]
    found = [finding for ranked in _standing(plan) for finding in ranked.assessment.findings]
    forms = {design.vector.form for design in designs if design.vector is not None}
    yield say.say("ask.choices")
    yield say.say("ask.wait")
    for product in _may_be_given(plan)[:2]:
        yield say.say("ask.fits", product=product)
    if designs or _may_be_given(plan):
        yield from (say.say(f"ask.{key}") for key in ("why", "risks", "undo", "children"))
    if any(one.rule == "conditioning" and one.status is not Status.NOT_APPLICABLE for one in found):
        yield say.say("ask.conditioning")
    if forms & _AAV:
        yield say.say("ask.once")
        yield say.say("ask.antibodies")
    if any(design.car is not None for design in designs):
        yield say.say("ask.near")
        yield say.say("ask.infections")
    yield from (say.say(f"ask.{key}") for key in ("study", "follow", "data", "second", "help"))


def _and(names: list[str]) -> str:
    """Join names the way people say them.

    >>> _and(["A"]), _and(["A", "B", "C"])
    ('A', 'A, B and C')
    """
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
