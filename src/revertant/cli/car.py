"""``revertant car``: an antigen in, a receptor and what carries it out, as the same dossier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from revertant.cli import console
from revertant.cli.options import AsJson, AvoidSites, Force, Quiet, ReferenceFile, out_folder
from revertant.errors import InputError, NoDesignError, UsageError

if TYPE_CHECKING:
    from revertant.knowledge import OwnParts
    from revertant.modality.car_t import CarrierKind, EscapeScenario
    from revertant.modality.car_t.receptor import ReceptorBrief, TracSite
    from revertant.model import InputDigest, Plan

__all__ = ["car"]


def car(
    out: Annotated[Path, out_folder("Folder for the dossier.")],
    antigen: Annotated[str, typer.Option("--antigen", help="Antigen, by HGNC symbol or another name.")] = "",
    product: Annotated[
        str, typer.Option("--product", help="Rebuild the receptor of this product instead, by key or name.")
    ] = "",
    binder: Annotated[str, typer.Option("--binder", help="Binder, by catalogue key.")] = "",
    second_binder: Annotated[
        str, typer.Option("--second-binder", help="A second binder, for a tandem receptor.")
    ] = "",
    domain: Annotated[
        list[str] | None,
        typer.Option("--domain", help="Variable domain of a binder of your own, by part key (repeatable)."),
    ] = None,
    order: Annotated[str, typer.Option("--order", help="VL-VH or VH-VL; else the original's.")] = "",
    linker: Annotated[str, typer.Option("--linker", help="Linker between the variable domains.")] = "",
    signal: Annotated[str, typer.Option("--signal", help="Signal peptide.")] = "cd8a_signal",
    hinge: Annotated[str, typer.Option("--hinge", help="Hinge; else that of products.")] = "",
    transmembrane: Annotated[
        str, typer.Option("--transmembrane", help="Transmembrane part; else that of products.")
    ] = "",
    costim: Annotated[
        list[str] | None,
        typer.Option("--costim", help="4-1BB, CD28 or a part key, from the membrane on (repeatable)."),
    ] = None,
    generation: Annotated[int, typer.Option("--generation", min=1, max=5, help="1 to 5.")] = 2,
    zeta: Annotated[str, typer.Option("--zeta", help="Signalling part of CD3ζ.")] = "cd3z",
    armour: Annotated[str, typer.Option("--armour", help="Armour of a fourth generation.")] = "",
    switch: Annotated[str, typer.Option("--switch", help="Safety switch, such as egfrt.")] = "",
    vector: Annotated[
        list[str] | None,
        typer.Option("--vector", help="lentiviral, aav6_trac or mrna (repeatable); lentiviral unless named."),
    ] = None,
    promoter: Annotated[
        str, typer.Option("--promoter", help="Promoter of a lentiviral vector, by catalogue key.")
    ] = "",
    trac: Annotated[
        Path | None,
        typer.Option("--trac", help="FASTA with the place in TRAC, for aav6_trac; else --reference is read."),
    ] = None,
    reference: ReferenceFile = None,
    parts: Annotated[
        Path | None,
        typer.Option("--parts", help="Your own receptor parts: TOML in the format of the catalogue."),
    ] = None,
    avoid_site: AvoidSites = None,
    date: Annotated[
        str, typer.Option("--date", help="Read statements on safety of this day, YYYY-MM-DD.")
    ] = "",
    burden_cells: Annotated[
        float | None, typer.Option("--burden-cells", help="Scenario of escape: cells of the tumour.")
    ] = None,
    loss_rate: Annotated[
        list[float] | None,
        typer.Option(
            "--loss-rate", help="Scenario: loss of each antigen a division, in their order (repeatable)."
        ),
    ] = None,
    joint_loss_rate: Annotated[
        float | None,
        typer.Option("--joint-loss-rate", help="Scenario: loss of both antigens at once a division."),
    ] = None,
    doubling_days: Annotated[
        float | None, typer.Option("--doubling-days", help="Scenario: doubling time of what escaped.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Design a chimeric antigen receptor with its vectors, and write the same dossier as plan.

    Nobody is planned for. Parts without residues in the catalogue are refused; bring them with --parts. Exit status 5
    when the receptor or every vector is refused, with the reason.
    """
    from revertant import dossier, planning
    from revertant.modality.car_t import CarrierKind, CarrierOptions
    from revertant.modality.car_t.receptor import ReceptorBrief, costimulatory_key

    dossier.check_folder(out, force=force)
    if bool(antigen.strip()) == bool(product.strip()):
        raise UsageError(
            "Ask for an antigen or for a product's receptor: one of them.",
            remedy="Name --antigen, or --product.",
            code="no-question",
        )
    day = _day(date)
    kinds = tuple(_kind(word) for word in vector or ["lentiviral"])
    _refuse_idle(locals(), kinds)
    own = _own_parts(parts)
    brief = None
    if antigen.strip():
        brief = ReceptorBrief(
            antigen.strip(),
            binder=binder.strip(),
            second_binder=second_binder.strip(),
            domains=tuple(word.strip() for word in domain or ()),
            order=order.strip(),
            linker=linker.strip(),
            signal=signal.strip(),
            hinge=hinge.strip(),
            transmembrane=transmembrane.strip(),
            costimulatory=tuple(map(costimulatory_key, costim or ())),
            generation=generation,
            zeta=zeta.strip(),
            armour=armour.strip(),
            switch=switch.strip(),
            own_parts=own.receptor,
            own_binders=own.binders,
        )
    site, digests = _trac(trac, reference) if CarrierKind.AAV6_TRAC in kinds else (None, ())
    with console.progress_bar(quiet=quiet or as_json) as progress:
        progress("designing the receptor", 0.0)
        made = planning.receptor_plan(
            planning.ReceptorInquiry(
                brief,
                product=product.strip(),
                kinds=kinds,
                carrier=CarrierOptions(promoter.strip(), own.vector, tuple(avoid_site or ()), site),
                on_date=day,
                escape=_escape(brief, product, burden_cells, loss_rate or [], joint_loss_rate, doubling_days),
                digests=(*_digests({"parts": parts, "trac": trac}), *digests),
                parameters=_stated(locals()),
            )
        )
        progress("writing the dossier", 0.9)
        written = dossier.write_dossier(made, out, force=force)
    _say(made, written, as_json=as_json)
    standing = [ranked for ranked in made.designs if not ranked.tier.startswith("stopped")]
    return 0 if standing else NoDesignError.exit_status


#: Options of the receptor, which a product's receptor leaves no room for; with what they are when nobody names them.
_OF_RECEPTOR: Mapping[str, object] = MappingProxyType({
    "binder": "", "second_binder": "", "domain": None, "order": "", "linker": "", "signal": "cd8a_signal", "hinge": "",
    "transmembrane": "", "costim": None, "generation": 2, "zeta": "cd3z", "armour": "", "switch": "", "parts": None,
})  # fmt: skip


def _refuse_idle(values: Mapping[str, object], kinds: tuple[CarrierKind, ...]) -> None:
    """Refuse an option that nothing would be made of: what is asked must not be passed over in silence."""
    idle = {name for name, usual in _OF_RECEPTOR.items() if values["product"] and values[name] != usual}
    why = "a product's receptor is rebuilt as it is"
    names = {kind.value for kind in kinds}
    if not idle and "aav6_trac" not in names and (values["trac"] or values["reference"]):
        idle, why = (
            {"trac" if values["trac"] else "reference"},
            "only a donor for TRAC (--vector aav6_trac) reads it",
        )
    if not idle and "lentiviral" not in names and values["promoter"]:
        idle, why = {"promoter"}, "only a lentiviral vector has a promoter to choose"
    if idle:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in sorted(idle))
        raise UsageError(
            f"Nothing would come of {options}: {why}.", remedy="Leave it out.", code="idle-option"
        )


#: Options that are stated in the provenance, in their order.
_STATED = (
    "antigen", "product", "binder", "second_binder", "domain", "order", "linker", "signal", "hinge", "transmembrane",
    "costim", "generation", "zeta", "armour", "switch", "vector", "promoter", "avoid_site", "date", "burden_cells",
    "loss_rate", "joint_loss_rate", "doubling_days",
)  # fmt: skip


def _stated(values: Mapping[str, object]) -> dict[str, str]:
    """Everything that was asked, for the provenance; what was left open says so."""

    def words(value: object) -> str:
        if isinstance(value, list):
            return ", ".join(map(str, value)) or "not stated"
        return "not stated" if value is None or value == "" else str(value)

    return {name: words(values.get(name)) for name in _STATED}


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{text!r} is no day.", where="--date", remedy="Write YYYY-MM-DD.") from None


def _kind(word: str) -> CarrierKind:
    from revertant.modality.car_t import CarrierKind

    try:
        return CarrierKind(word.strip().lower())
    except ValueError:
        raise UsageError(
            f"--vector is {word!r}.",
            remedy=f"Use one of {', '.join(kind.value for kind in CarrierKind)}.",
            code="unknown-word",
        ) from None


def _own_parts(path: Path | None) -> OwnParts:
    from revertant.knowledge import OwnParts, read_own_parts

    return read_own_parts(path) if path is not None else OwnParts()


def _trac(fasta: Path | None, reference: Path | None) -> tuple[TracSite | None, tuple[InputDigest, ...]]:
    """Read the place in TRAC: from a file of its own, else from the reference where that covers it."""
    from revertant.modality.car_t.receptor import INTERVAL, find_trac

    if fasta is not None:
        return find_trac(_one_record(fasta), fasta.name), ()
    if reference is None:
        return None, ()
    from revertant.genome import Reference
    from revertant.model import InputDigest

    genome = Reference.open(reference)
    if not genome.covers(INTERVAL):
        raise InputError(
            f"The reference does not cover {INTERVAL.contig}:{INTERVAL.start + 1}-{INTERVAL.end}, where TRAC lies.",
            where=str(reference),
            remedy="Give a reference of GRCh38 that does, or the place itself with --trac.",
            code="trac-not-covered",
        )
    bases = genome.fetch(INTERVAL.contig, INTERVAL.start, INTERVAL.end)
    place = f"{INTERVAL.contig}:{INTERVAL.start + 1}-{INTERVAL.end}"
    return (
        find_trac(bases, f"{reference.name} {place}"),
        (InputDigest("reference", genome.name, genome.sha256),),
    )


def _one_record(path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"The file cannot be read: {error}.", where=str(path), remedy="Give one FASTA record."
        ) from error
    records = [one for one in text.split(">") if one.strip()]
    if not text.lstrip().startswith(">") or len(records) != 1:
        raise InputError(
            f"{len(records)} records stand in it, not one.", where=str(path), remedy="Give one FASTA record."
        )
    return "".join(records[0].splitlines()[1:])


def _escape(
    brief: ReceptorBrief | None,
    product: str,
    burden: float | None,
    rates: list[float],
    joint: float | None,
    doubling: float | None,
) -> EscapeScenario | None:
    """Read a scenario of escape; none where nothing of it is stated."""
    from revertant.modality.car_t import EscapeGate, EscapeScenario
    from revertant.modality.car_t.receptor import assemble_receptor, product_receptor

    if burden is None and not rates and joint is None and doubling is None:
        return None
    if burden is None or not rates:
        raise UsageError(
            "A scenario of escape needs the tumour's cells and a rate of loss.",
            remedy="Name --burden-cells and --loss-rate.",
            code="scenario",
        )
    receptor = product_receptor(product) if brief is None else assemble_receptor(brief)[0]
    gate = EscapeGate.SINGLE if len(receptor.antigens) == 1 else EscapeGate.EITHER
    if len(rates) != len(receptor.antigens):
        raise UsageError(
            f"The receptor binds {' and '.join(receptor.antigens)}, and {len(rates)} rates of loss are given.",
            remedy="Name --loss-rate once for each antigen.",
            code="loss-rates",
        )
    pairs = tuple(zip(receptor.antigens, rates, strict=True))
    return EscapeScenario(gate, burden, pairs, joint, doubling)


def _digests(files: Mapping[str, Path | None]) -> tuple[InputDigest, ...]:
    from revertant.model import InputDigest
    from revertant.planning import file_digest

    return tuple(
        InputDigest(role, path.name, file_digest(path)) for role, path in files.items() if path is not None
    )


def _say(made: Plan, written: tuple[Path, ...], *, as_json: bool) -> None:
    report = next(path for path in written if path.name == "report.html")
    if not as_json:
        console.print_text(made.verdict)
        for rejection in made.rejections:
            console.print_text(f"Not made: {rejection.acts_on}: {rejection.because}")
        console.print_text(f"Report: {report}")
        return
    console.print_json(
        {
            "ok": True,
            "verdict": made.verdict,
            "designs": [
                {
                    "design_id": ranked.design.design_id,
                    "tier": ranked.tier,
                    "construct": ranked.design.vector.constructs[0].name,
                    "packaged_bp": ranked.design.vector.constructs[0].packaged_bp,
                    "protein": ranked.design.vector.coding[0].protein,
                    "findings": ranked.assessment.findings,
                }
                for ranked in made.designs
                if ranked.design.vector is not None
            ],
            "refused": [{"vector": one.acts_on, "because": one.because} for one in made.rejections],
            "unknowns": len(made.unknowns),
            "files": [str(path) for path in written],
        }
    )
