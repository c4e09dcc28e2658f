"""What the plan holds for the clinic: the question, approved products, routes not taken, monitoring, consent."""

from __future__ import annotations

from revertant.dossier.review.blocks import Block, Bullets, Gap, Subheading, Table, Text
from revertant.dossier.review.pool import Sources, detailed_designs
from revertant.dossier.views.products import STATE_WORDS, VERDICT_WORDS, criteria_view, product_views
from revertant.dossier.words import count_text, modality_text
from revertant.model import Design, LabelMatch, Plan

__all__ = ["consent", "introduction", "protocol", "rationale", "studies"]

_MOST_ROUTES = 60
_MOST_TRIALS = 30


def introduction(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """State question and verdict, and what is wrong in this person."""
    blocks: list[Block] = [Text(plan.question), Text(plan.verdict, is_strong=True)]
    rows = tuple(
        (
            target.gene,
            target.transcript.transcript_id,
            allele.name,
            allele.consequence.hgvs_p or "–",
            allele.zygosity.value,
            allele.pathogenicity.value.replace("_", " "),
        )
        for target in plan.targets
        for allele in target.alleles
    )
    if rows:
        header = ("Gene", "Transcript", "Variant", "Protein", "Carried", "Class")
        blocks.append(Table("Alleles held responsible", header, rows, (12, 18, 24, 16, 14, 16)))
    for target in plan.targets:
        cited = sources.cite(target.sources)
        why = f" {target.mechanism_because}" if target.mechanism_because else ""
        blocks.append(
            Text(f"{target.gene}: mechanism {target.mechanism.value.replace('_', ' ')}.{why} {cited}".strip())
        )
        if not target.alleles:
            blocks.append(Gap(f"The variants of {target.gene}, placed on a sequence."))
    if plan.tumour is not None:
        blocks.append(
            Text(f"Tumour: {plan.tumour.disease}; {count_text(len(plan.tumour.antigens), 'antigen')} judged.")
        )
    if not plan.targets and plan.tumour is None:
        lacking = any(finding.rule == "reference.covers_variant" for finding in plan.findings)
        blocks.append(
            Gap(
                "The gene, placed on a sequence: the reference does not reach it."
                if lacking
                else "A gene or a tumour to act on: none was found in the case."
            )
        )
    return tuple(blocks)


def rationale(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """Hold approved products first, then say which routes were not taken, and why."""
    blocks: list[Block] = [Subheading("Approved products come first")]
    for view in product_views(plan):
        for match in view.matches:
            blocks += _product(match, sources)
    if not plan.products:
        known = [one.because for one in plan.findings if one.rule == "products.known"]
        why = known[0] if known else "the catalogue has none that was held against this person."
        blocks.append(Gap(f"Approved products for this disease: {why}"))
    if plan.tumour is not None:
        rows = tuple((one.gene, one.verdict, one.because) for one in plan.tumour.antigens[:_MOST_ROUTES])
        if rows:
            left = len(plan.tumour.antigens) - len(rows)
            more = f"{count_text(left, 'more antigen')} in report.html." if left > 0 else ""
            blocks += [
                Subheading("Antigens"),
                Table("Antigens judged, best first", ("Antigen", "Verdict", "Why"), rows, (16, 24, 60), more),
            ]
    blocks.append(Subheading("Routes not taken"))
    routes = tuple(
        (
            modality_text(one.modality),
            one.route.label if one.route else "every route",
            one.acts_on,
            one.stage,
            one.because,
        )
        for one in plan.rejections[:_MOST_ROUTES]
    )
    if routes:
        left = len(plan.rejections) - len(routes)
        more = f"{count_text(left, 'more route')} in report.html." if left > 0 else ""
        header = ("Modality", "Route", "On", "Ended at", "Why")
        blocks.append(Table("Routes not taken", header, routes, (14, 17, 20, 12, 37), more))
    else:
        blocks.append(Text("No route was rejected."))
    return tuple(blocks)


def _product(match: LabelMatch, sources: Sources) -> list[Block]:
    named = f"{match.product_name}, label of {match.jurisdiction} as of {match.as_of}: {VERDICT_WORDS[match.verdict]}"
    blocks: list[Block] = [Text(named, is_strong=True)]
    if match.boxed_warnings:
        blocks.append(Text(f"Boxed warning: {'; '.join(match.boxed_warnings)}"))
    if match.dose:
        blocks.append(Text(f"Dose of this label: {match.dose}"))
    view = criteria_view(match)
    rows = tuple(
        (
            STATE_WORDS[one.state],
            f"{one.because} ({one.criterion.replace('_', ' ')}, {one.kind})",
            one.evidence or "none in the case",
            one.to_measure or "–",
            sources.cite(one.sources, checked=one.checked),
        )
        for one in (*view.deciding, *view.cautioning)
    )
    if rows:
        header = ("Answer", "Criterion", "Evidence", "To measure", "Sources")
        blocks.append(
            Table(
                f"Criteria of {match.product_name} ({match.jurisdiction})", header, rows, (11, 38, 19, 20, 12)
            )
        )
    else:
        blocks.append(Gap(f"Criteria of the label of {match.product_name}: none is known here."))
    return blocks


def studies(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """Name published uses of the very guides and effectors described, and the trials held against this person."""
    blocks: list[Block] = []
    rows = tuple(
        (
            str(ranked.rank),
            ranked.design.effector_name,
            ranked.design.precedent_stage or "published",
            sources.cite(ranked.design.precedent),
        )
        for ranked in detailed_designs(plan)
        if ranked.design.precedent
    )
    if rows:
        header = ("Design", "Effector", "How far a published use of the same guide has come", "Sources")
        blocks.append(Table("Published uses", header, rows, (10, 30, 40, 20)))
    trials = tuple(
        (
            one.trial.nct_id,
            one.trial.title,
            one.trial.status.replace("_", " ").lower() or "not told",
            one.verdict.value.replace("_", " "),
            " ".join((*one.reasons_against, *one.reasons_for)) or "–",
            count_text(len(one.unparsed), "line"),
        )
        for one in plan.trials[:_MOST_TRIALS]
    )
    if trials:
        left = len(plan.trials) - len(trials)
        more = f"{count_text(left, 'more trial')} in plan.json." if left > 0 else ""
        columns = ("Number", "Trial", "Status", "For this person", "Why", "Criteria nobody has read")
        blocks.append(
            Table("Trials held against this person", columns, trials, (13, 27, 12, 12, 26, 10), more)
        )
    elif not any(
        one.rule == "trials.asked" for one in plan.unknowns
    ):  # that question is printed as its own gap
        blocks.append(Gap("Clinical trials for this person: no store of trials was asked, or it named none."))
    return tuple(blocks)


def protocol(plan: Plan, sources: Sources) -> tuple[Block, ...]:
    """Give the parts of a protocol synopsis that the plan has, and say which it does not have."""
    leads = detailed_designs(plan)
    rows: list[tuple[str, str]] = [("Question", plan.question)]
    if any(finding.rule == "case.none" for finding in plan.findings):
        return (Gap("A person. The plan was made for nobody, so there is no protocol."),)
    rows.append(("Population", f"one person, case {plan.case_id}"))
    if leads:
        rows.append(("Intervention", f"design {leads[0].rank}: {leads[0].design.purpose}"))
    blocks: list[Block] = [Table("Synopsis", ("Item", "From the plan"), tuple(rows), (22, 78))]
    if not leads:
        blocks.append(Gap("An intervention: no design can be put forward."))
    watch: dict[tuple[str, str, str], str] = {}
    for ranked in leads:
        for item in ranked.design.car.watch if ranked.design.car is not None else ():
            if item.when != "release":
                watch.setdefault(
                    (item.when, item.what, item.because), sources.cite(item.sources, checked=item.checked)
                )
    if watch:
        header = ("When", "What", "Why for this person", "Sources")
        cells = tuple((when, what, because or "–", cited) for (when, what, because), cited in watch.items())
        blocks.append(Table("What to watch", header, cells, (14, 46, 28, 12)))
    else:
        blocks.append(Gap("A plan of monitoring: what is to be measured, when, and what would be acted on."))
    return tuple(blocks)


def consent(plan: Plan, _: Sources) -> tuple[Block, ...]:
    """List what a person has to hear before they can agree, as far as the designs bring it up."""
    designs = [ranked.design for ranked in detailed_designs(plan)]
    if not designs:
        return (Text("No design can be put forward, so there is nothing to consent to."),)
    items = [
        "Nothing in the plan was tested in cells, animals or people. What it would do in this person is not known.",
        "Taking part is free, and no is an answer; so is a change of mind before treatment.",
    ]
    items += _of_editing() if any(_edits(design) for design in designs) else []
    if any(design.vector is not None for design in designs):
        items.append(
            "After a viral vector antibodies can stand in the way of a second dose, also of another product."
        )
        items.append(
            "Vector can be shed for a time; contraception and no donation of blood, sperm or eggs while it is."
        )
    if any(design.car is not None for design in designs):
        items.append(
            "Living cells are given: what they do cannot always be stopped once they are in the body."
        )
    if any(design.antisense for design in designs):
        items.append(
            "An antisense oligonucleotide is given again and again, and each dose carries its own risk."
        )
    items += [
        "Long-term follow-up: how many years, which visits, and what happens when somebody moves or stops coming.",
        "What is done with data, samples and a registry entry, and whether tissue is asked for after death.",
    ]
    return (
        Text("Points for the conversation before consent. They replace no consent form."),
        Bullets(tuple(items)),
    )


def _edits(design: Design) -> bool:
    return bool(design.guides)


def _of_editing() -> list[str]:
    return [
        "The change to the genome stays and cannot be taken back.",
        "Edits elsewhere, large deletions and rearrangements are possible; not all can be found beforehand.",
    ]
