"""From a brief to a receptor: each part chosen, with the reason and with what was not chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from revertant.errors import InputError, UsageError
from revertant.knowledge import (
    CarArchitecture,
    CarBinder,
    CarPart,
    CarRole,
    binders_of,
    car_architectures,
    car_binders,
    car_parts,
)
from revertant.modality.car_t.receptor.brief import ReceptorBrief
from revertant.modality.car_t.receptor.receptor import Receptor, lay_receptor, part_named
from revertant.model import Choice

__all__ = ["assemble_receptor", "product_receptor"]

#: Hinge and transmembrane part that go with the first costimulatory domain, as in products.
_FRAMES = {"cd28_icd": ("cd28_hinge", "cd28_tm")}
_USUAL_FRAME = ("cd8a_hinge", "cd8a_tm")
#: Linkers between two binders, first those tried first: one that stands nowhere else in the receptor.
_BETWEEN = ("whitlow_218", "g4s_3", "g4s_1")
#: Signal peptides and 2A peptides of what is joined behind the receptor: others than the receptor's own.
_SECOND_SIGNALS = ("csf2ra_signal", "cd8a_signal")
#: What a decision is called where the role's own name is too long for a column.
_WORDS = {
    CarRole.TRANSMEMBRANE: "membrane part",
    CarRole.COSTIMULATORY: "costimulus",
    CarRole.ACTIVATION: "CD3ζ",
}
_JOINTS = ("t2a", "p2a", "e2a", "f2a")


def product_receptor(key: str) -> Receptor:
    """Rebuild the receptor of a product from the parts of the catalogue.

    Parameters
    ----------
    key
        Of the architecture (``"tisagenlecleucel"``), or of a product that has it (``"kymriah_leukaemia"``).

    Raises
    ------
    InputError
        When there is none of that name.

    Examples
    --------
    >>> len(product_receptor("tisagenlecleucel").protein), product_receptor("abecma").antigens
    (486, ('TNFRSF17',))
    """
    row = _architecture(key)
    parts = car_parts()
    domains = [parts[part] for part in row.parts]
    costimulatory = sum(part.role is CarRole.COSTIMULATORY for part in domains)
    return lay_receptor(
        row.name.partition(",")[0].replace(" and ", "-").replace(" ", "_"),
        domains,
        antigens=(car_binders()[row.binder].antigen,),
        binders=(row.binder,),
        generation=1 + costimulatory,
    )


def _architecture(key: str) -> CarArchitecture:
    rows = car_architectures()
    wanted = key.strip().casefold()
    for row in rows.values():
        words = {row.key, *row.products, *(name.casefold() for name in row.name.split(" and "))}
        if wanted in words:
            return row
    raise InputError(
        f"No receptor of a product is called {key!r}.",
        remedy=f"There are {', '.join(rows)}.",
        code="no-product",
    )


def assemble_receptor(brief: ReceptorBrief) -> tuple[Receptor, tuple[Choice, ...]]:
    """Choose and lay the parts of a receptor.

    Parameters
    ----------
    brief
        What is asked.

    Returns
    -------
    tuple[Receptor, tuple[Choice, ...]]
        The receptor, and every decision.

    Raises
    ------
    InputError
        When there is no binder or no part of that name.
    UsageError
        When both binders are the same.
    NoDesignError
        When no residues of a part are held.

    Examples
    --------
    >>> made, choices = assemble_receptor(ReceptorBrief("CD19", costimulatory=("cd28_icd",)))
    >>> len(made.protein), [choice.what for choice in choices][:2]
    (482, ['binder', 'linker and order'])
    """
    parts = {**car_parts(), **brief.own_parts}
    binder, others = (
        (_own_binder(brief, parts), ())
        if brief.domains
        else _binder(brief.antigen, brief.binder, brief.own_binders)
    )
    choices = [_binder_choice(binder, others, parts)]
    laid, choice = _bound(binder, brief, parts)
    choices.append(choice)
    binders = [binder]
    if brief.second_binder:
        second, _ = _binder("", brief.second_binder, brief.own_binders)
        if second.key == binder.key:
            raise UsageError(
                f"{binder.name} is named twice: the same domains again bind nothing more, and their like DNA "
                "recombines.",
                remedy="Name another binder, or none.",
            )
        binders.append(second)
        more, _ = _bound(second, brief, parts)
        between = _unused(_BETWEEN, [*laid, *more], parts)
        laid = [*laid, between, *more]
        choices.append(
            Choice(
                "second binder",
                second.name,
                f"Asked for: {_either(binder, second)}. {between.name} stands between them, which stands nowhere else "
                "in it.",
                sources=second.sources,
            )
        )
    hinge, membrane = _FRAMES.get(next(iter(brief.costimulatory_keys), ""), _USUAL_FRAME)
    domains = [
        part_named(parts, brief.signal, CarRole.SIGNAL_PEPTIDE),
        *laid,
        part_named(parts, brief.hinge or hinge, CarRole.HINGE),
        part_named(parts, brief.transmembrane or membrane, CarRole.TRANSMEMBRANE),
        *(part_named(parts, key, CarRole.COSTIMULATORY) for key in brief.costimulatory_keys),
    ]
    if brief.generation == 5:
        key = brief.cytokine_receptor or "il2rb_icd"
        domains.append(part_named(parts, key, CarRole.CYTOKINE_RECEPTOR))
    domains.append(part_named(parts, brief.zeta, CarRole.ACTIVATION))
    choices += _frame_choices(brief, domains, parts)
    for key, role in ((brief.armour, CarRole.ARMOUR), (brief.switch, CarRole.SWITCH)):
        if key:
            domains += _behind(part_named(parts, key, role), brief.joint, domains, parts)
    choices.append(_switch_choice(brief, parts))
    antigens = tuple(dict.fromkeys(one.antigen for one in binders))
    return (
        lay_receptor(
            _name(binders, domains),
            domains,
            antigens=antigens,
            binders=tuple(one.key for one in binders),
            generation=brief.generation,
        ),
        tuple(choices),
    )


def _either(binder: CarBinder, second: CarBinder) -> str:
    if binder.antigen == second.antigen:
        return f"two binders of {binder.antigen} in one receptor"
    return f"either {binder.antigen} or {second.antigen} is bound by one receptor"


def _name(binders: Sequence[CarBinder], domains: Sequence[CarPart]) -> str:
    tails = {"cd137_icd": "BB", "cd28_icd": "28"}
    signals = [tails.get(p.key, p.key) for p in domains if p.role is CarRole.COSTIMULATORY]
    more = [p.key for p in domains if p.role in {CarRole.ARMOUR, CarRole.SWITCH}]
    names = [one.name if one.name.isalnum() else one.key for one in binders]
    return "-".join([*names, f"{'-'.join(signals)}z", *more])


def _binder(antigen: str, key: str, own: Mapping[str, CarBinder]) -> tuple[CarBinder, tuple[CarBinder, ...]]:
    """The binder asked for, else the user's own for the antigen or the furthest come; and the others for it."""
    if not key:
        found = binders_of(antigen, own)
        return found[0], found[1:]
    rows = {**own, **car_binders()}
    binder = rows.get(key)
    if binder is None:
        raise InputError(
            f"There is no binder {key!r}.", remedy=f"There are {', '.join(rows)}.", code="no-binder"
        )
    if antigen and not binder.binds(antigen):
        raise InputError(
            f"{binder.name} binds {binder.antigen}, not {antigen}.",
            remedy="Name a binder of this antigen, or the antigen of this binder.",
            code="binder-of-another",
        )
    return binder, tuple(one for one in binders_of(binder.antigen, own) if one is not binder)


def _own_binder(brief: ReceptorBrief, parts: Mapping[str, CarPart]) -> CarBinder:
    """A binder made of the domains that are named."""
    domains = [part_named(parts, key, CarRole.VARIABLE_DOMAIN) for key in brief.domains]
    return CarBinder(
        key="own",
        name=" and ".join(part.name for part in domains),
        antigen=brief.antigen,
        domains=brief.domains,
        linker=(brief.linker or "g4s_3") if len(domains) > 1 else "",
        stage="none",
        sources=tuple(dict.fromkeys(source for part in domains for source in part.sources)),
        as_of=domains[0].as_of,
        note="Domains as given; that they bind it is not judged here.",
    )


def _binder_choice(binder: CarBinder, others: Sequence[CarBinder], parts: Mapping[str, CarPart]) -> Choice:
    why = []
    for one in others:
        held = all(parts[key].protein for key in one.domains)
        origins = " and ".join(dict.fromkeys(parts[key].origin for key in one.domains))
        why.append((one.name, f"{one.stage}, {origins}" if held else "no residues of it are held"))
    return Choice(
        "binder",
        binder.name,
        f"Binds {binder.antigen}{_stage(binder)}. {binder.note}".strip(),
        tuple(why),
        binder.sources,
    )


def _stage(binder: CarBinder) -> str:
    return "" if binder.stage == "none" else f"; receptors of it are {binder.stage}"


def _bound(
    binder: CarBinder, brief: ReceptorBrief, parts: Mapping[str, CarPart]
) -> tuple[list[CarPart], Choice]:
    """The variable domains of a binder in the order wanted, with their linker."""
    domains = [part_named(parts, key, CarRole.VARIABLE_DOMAIN) for key in binder.domains]
    own = "-".join(part.fold for part in domains)
    order = own
    if brief.order and brief.order != own and {part.fold for part in domains} == {"VL", "VH"}:
        domains, order = domains[::-1], brief.order
    if not binder.linker:
        return domains, Choice("linker and order", "none", "A single domain needs no linker.")
    linker = part_named(parts, brief.linker or binder.linker, CarRole.LINKER)
    laid = [domains[0]]
    for domain in domains[1:]:
        laid += [linker, domain]
    same = order == own and linker.key == binder.linker
    because = (
        "As in the original."
        if same
        else f"Asked for. The original has {own} and {parts[binder.linker].name}: another order or linker can change "
        "binding and stability, so measure both."
    )
    alternatives = tuple(
        (parts[key].name, "not the original's") for key in _BETWEEN if key in parts and key != linker.key
    )
    return laid, Choice("linker and order", f"{order}, {linker.name}", because, alternatives, linker.sources)


def _unused(keys: Sequence[str], laid: Sequence[CarPart], parts: Mapping[str, CarPart]) -> CarPart:
    """The first part that does not stand among those laid already, else the first."""
    standing = {part.key for part in laid}
    return parts[next((key for key in keys if key not in standing), keys[0])]


def _behind(
    part: CarPart, joint: str, laid: Sequence[CarPart], parts: Mapping[str, CarPart]
) -> list[CarPart]:
    """What is translated behind the receptor: a 2A peptide, a signal peptide where it is needed, and the part."""
    first = part_named(parts, joint, CarRole.SELF_CLEAVING)
    joined = _unused((first.key, *_JOINTS), laid, parts)
    signal = [_unused(_SECOND_SIGNALS, laid, parts)] if part.needs_signal else []
    return [joined, *signal, part]


def _frame_choices(
    brief: ReceptorBrief, domains: Sequence[CarPart], parts: Mapping[str, CarPart]
) -> list[Choice]:
    """The parts that are named, each with the others of its kind."""
    reasons = {
        CarRole.SIGNAL_PEPTIDE: "It brings the receptor to the surface, and is cut off.",
        CarRole.HINGE: "It goes with this costimulatory domain in products."
        if not brief.hinge
        else "Asked for.",
        CarRole.TRANSMEMBRANE: "It goes with this costimulatory domain in products."
        if not brief.transmembrane
        else "Asked for.",
        CarRole.COSTIMULATORY: "Asked for." if brief.costimulatory else "Most licensed products have it.",
        CarRole.ACTIVATION: "Every product but Kymriah has glutamine at residue 65."
        if brief.zeta == "cd3z"
        else "Asked for.",
    }
    choices = []
    for role, because in reasons.items():
        chosen = [part for part in domains if part.role is role]
        if not chosen:
            continue
        others = tuple(
            (one.name, "not taken" if one.protein else "no residues of it are held")
            for one in parts.values()
            if one.role is role and one not in chosen
        )
        names = " and ".join(part.name for part in chosen)
        sources = tuple(dict.fromkeys(source for part in chosen for source in part.sources))
        choices.append(Choice(_WORDS.get(role, role.words), names, because, others, sources))
    return choices


def _switch_choice(brief: ReceptorBrief, parts: Mapping[str, CarPart]) -> Choice:
    others = tuple(
        (one.name, f"pulled by {one.action}" if one.protein else "no residues of it are held")
        for one in parts.values()
        if one.role is CarRole.SWITCH and one.key != brief.switch
    )
    if not brief.switch:
        return Choice(
            "safety switch", "none", "None was asked for; of the products Breyanzi has one.", others
        )
    part = parts[brief.switch]
    because = f"Asked for. {part.action.capitalize()} pulls it. {part.note}".strip()
    return Choice("safety switch", part.name, because, others, part.sources)
