"""Each variant of the case on the genome: expressions agree, the build fits, none counts twice, the gene is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from revertant.errors import IncompatibleInputsError, InputError, RevertantError
from revertant.genome import builds
from revertant.model import CaseVariant, Finding, Mechanism, Pathogenicity, Status, Variant, Zygosity
from revertant.planning.inputs import Inputs
from revertant.planning.outside import NEEDS_MORE
from revertant.planning.phase import phase_label
from revertant.variant import resolve, transcript_of
from revertant.variant.limits import shown

__all__ = ["Resolved", "gene_of", "merge_same", "resolve_variant"]

_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True, slots=True)
class Resolved:
    """One case variant on the genome.

    Parameters
    ----------
    stated
        What the case says; of a variant stated several times, all that it says together.
    variant
        The normalised variant.
    named_transcript
        The transcript its HGVS names, may be empty.
    gene
        Symbol as the gene models spell it; empty until :func:`gene_of` was asked.
    """

    stated: CaseVariant
    variant: Variant
    named_transcript: str = ""
    gene: str = ""


def resolve_variant(stated: CaseVariant, inputs: Inputs, findings: list[Finding]) -> Resolved:
    """Resolve every expression that can be resolved; they must agree, and the build must be the reference's.

    Raises
    ------
    RevertantError
        Code ``wrong-build``, ``expressions-disagree``, or why no expression can be resolved.
    """
    _check_build(stated, inputs, findings)
    where = stated.path
    resolved: list[tuple[str, Variant]] = []
    failures: list[RevertantError] = []
    for expression in stated.expressions:
        try:
            variant = resolve(
                expression, inputs.reference, inputs.models, rsid_vcf=inputs.vcf_path, where=where
            )
        except RevertantError as error:
            failures.append(error)
        else:
            resolved.append((expression, variant))
    if not resolved:
        if failures:
            # A text that is wrong stops a plan; a reference that is too small for it may not.
            raise next((one for one in failures if one.code not in NEEDS_MORE), failures[0])
        raise InputError("The variant has no expression that can be read.", where=where, code="no-expression")
    first_text, first = resolved[0]
    for text, variant in resolved[1:]:
        if variant != first:
            raise IncompatibleInputsError(
                f"{first_text} is {first}, but {text} is {variant}: they are not the same variant.",
                where=where,
                remedy="Correct the expression that is wrong, or leave it out.",
                code="expressions-disagree",
            )
    for failure in failures:
        if failure.code in {"ref-mismatch", "wrong-build"}:
            raise failure
        findings.append(
            Finding(
                "case.expression_checked",
                Status.CAUTION,
                f"One way of writing this variant could not be checked and was not used: {failure.what}",
                value=where,
            )
        )
    named = next((transcript_of(text) for text in stated.expressions if transcript_of(text)), "")
    return Resolved(stated, first, named)


def _check_build(stated: CaseVariant, inputs: Inputs, findings: list[Finding]) -> None:
    """Compare the build the case names with the reference's; say where there is nothing firm to compare with."""
    if not stated.build:
        return
    known = {alias.lower(): fact.name for fact in builds().values() for alias in (fact.name, *fact.aliases)}
    said = known.get(re.sub(r"\.p\d+$", "", stated.build.strip().lower()), "")
    reference = inputs.reference
    if said and reference.build and said != reference.build:
        raise IncompatibleInputsError(
            f"The case gives the variant on {said}, but the reference is {reference.build} "
            f"(known by its {reference.build_basis}).",
            where=f"{stated.path}.build" if stated.path else "",
            remedy="Use a reference of the build the case names, or lift the coordinates over and correct the build.",
            code="wrong-build",
        )
    if not said:
        because = (
            f"The case names the genome build {stated.build!r}, which is not known here; it was not compared."
        )
    elif not reference.build:
        because = f"The case gives the variant on {said}; the reference's build is not recognised and was not compared."
    elif reference.build_basis == "file name":
        because = f"That the reference is {said}, as the case says, is known only from its file name."
    else:
        return
    finding = Finding("case.build", Status.CAUTION, because, value=stated.build)
    if finding not in findings:
        findings.append(finding)


def merge_same(
    resolved: Iterable[Resolved], findings: list[Finding]
) -> tuple[list[Resolved], list[RevertantError]]:
    """Make one of entries that turn out to be the same variant; those that contradict each other are problems."""
    groups: dict[Variant, list[Resolved]] = {}
    for item in resolved:
        groups.setdefault(item.variant, []).append(item)
    merged: list[Resolved] = []
    problems: list[RevertantError] = []
    for group in groups.values():
        try:
            merged.append(_merged(group, findings) if len(group) > 1 else group[0])
        except IncompatibleInputsError as error:
            problems.append(error)
    return merged, problems


def _merged(group: list[Resolved], findings: list[Finding]) -> Resolved:
    """One entry for all; what only some of them say holds for all."""
    zygosities = {item.stated.zygosity for item in group} - {Zygosity.UNKNOWN}
    labels = {phase_label(item.stated): item.stated.phase for item in group if phase_label(item.stated)}
    zygosity = _the_one(group, "zygosity", zygosities, Zygosity.UNKNOWN)
    phase = next(iter(labels.values()), "")
    if len(labels) > 1:
        if len(labels) > 2 or zygosity is Zygosity.HEMIZYGOUS:
            raise _stated_twice(group, "phase", labels.values())
        both = " and ".join(sorted(labels.values()))
        findings.append(
            Finding(
                "case.both_copies",
                Status.CAUTION,
                f"{group[0].variant} is stated on two copies ({both}); it was taken as homozygous.",
                value=str(group[0].variant),
            )
        )
        zygosity, phase = Zygosity.HOMOZYGOUS, ""
    first = group[0].stated
    genes = {item.stated.gene.strip().upper(): item.stated.gene for item in group if item.stated.gene}
    classes = {item.stated.pathogenicity for item in group} - {Pathogenicity.NOT_PROVIDED}
    mechanisms = {item.stated.mechanism for item in group} - {Mechanism.UNKNOWN}
    stated = replace(
        first,
        expressions=tuple(dict.fromkeys(text for item in group for text in item.stated.expressions)),
        zygosity=zygosity,
        pathogenicity=_the_one(group, "pathogenicity", classes, Pathogenicity.NOT_PROVIDED),
        gene=_the_one(group, "gene", set(genes.values()), ""),
        mechanism=_the_one(group, "mechanism", mechanisms, Mechanism.UNKNOWN),
        build=next((item.stated.build for item in group if item.stated.build), ""),
        phase=phase,
    )
    named = next((item.named_transcript for item in group if item.named_transcript), "")
    return Resolved(stated, group[0].variant, named)


def _the_one(group: list[Resolved], what: str, values: set[_Word], silent: _Word) -> _Word:
    """Return what the entries say, where they say one thing."""
    if len(values) > 1:
        raise _stated_twice(group, what, values)
    return next(iter(values), silent)


def _stated_twice(group: list[Resolved], what: str, values: Iterable[str]) -> IncompatibleInputsError:
    said = ", ".join(sorted(map(str, values)))
    return IncompatibleInputsError(
        f"{group[0].variant} is stated {len(group)} times with different {what}: {said}.",
        where=", ".join(item.stated.path for item in group if item.stated.path),
        remedy="State the variant once, or make the entries agree.",
        code="variant-stated-twice",
    )


def gene_of(item: Resolved, inputs: Inputs) -> str:
    """Return the gene the case names, else the one gene whose transcript the variant lies in.

    The symbol is spelt as the gene models spell it; one they do not have stays as it is.

    Raises
    ------
    IncompatibleInputsError
        Code ``which-gene`` when the case names none and the variant does not lie in exactly one.
    """
    if symbol := item.stated.gene.strip():
        return next((transcript.gene for transcript in inputs.models.of_gene(symbol)), symbol)
    if item.named_transcript:
        return inputs.models.by_id(item.named_transcript).gene
    genes = sorted({transcript.gene for transcript in inputs.models.overlapping(item.variant.locus)})
    if len(genes) == 1:
        return genes[0]
    said = f"in several genes ({', '.join(genes)})" if genes else "in no gene of the gene models"
    raise IncompatibleInputsError(
        f"{shown(str(item.variant))} lies {said}.",
        where=item.stated.path,
        remedy="Name the gene (variants[].gene in a case, --gene without one), or give gene models that cover it.",
        code="which-gene",
    )
