"""T cells with a chimeric antigen receptor as one object: what they attack, what is edited in them, what to watch."""

from __future__ import annotations

import math
from dataclasses import dataclass

from revertant.model.car_edits import EditSet
from revertant.model.escape import EscapeComparison
from revertant.model.finding import Finding, Status
from revertant.model.offtarget import TranslocationPair

__all__ = [
    "CarTherapy",
    "CourseParameters",
    "JudgedAntigen",
    "JudgedGate",
    "JudgedTumour",
    "KineticsBands",
    "ReceptorDomain",
    "WatchItem",
]


@dataclass(frozen=True, slots=True)
class JudgedAntigen:
    """An antigen held against this tumour and against normal tissue.

    Parameters
    ----------
    gene, name
        Symbol, and what people call the protein.
    tumour, unit
        Expression in the tumour, in the unit of the table; ``None`` where it was not measured.
    worst_organ, worst
        The normal organ with the highest expression that was measured, and how high; ``""`` and ``None`` without
        normal samples.
    positive_share
        Share of malignant cells that carry it; ``None`` where no cells were counted.
    verdict, status, because
        The verdict in words and as a status, and why.
    findings
        Every rule that was applied.
    stage
        How far receptors against it have come; empty when nothing is known.
    """

    gene: str
    name: str
    tumour: float | None
    unit: str
    worst_organ: str
    worst: float | None
    positive_share: float | None
    verdict: str
    status: Status
    because: str
    findings: tuple[Finding, ...] = ()
    stage: str = ""


@dataclass(frozen=True, slots=True)
class JudgedGate:
    """A gate of one, two or three antigens over single cells.

    Parameters
    ----------
    sentence, genes
        The gate in words, and its antigens.
    covered
        Share of malignant cells it attacks.
    worst_organ, worst_share, worst_upper
        The organ with the largest share of cells attacked, that share, and the upper end of its 95 % interval.
    """

    sentence: str
    genes: tuple[str, ...]
    covered: float
    worst_organ: str
    worst_share: float
    worst_upper: float


@dataclass(frozen=True, slots=True)
class JudgedTumour:
    """What a tumour offers to be attacked.

    Parameters
    ----------
    disease
        The tumour by name.
    antigens
        Those judged, best first.
    gates, gates_because
        Gates over single cells, best first; how they were searched, or why they were not.
    escape, escape_because
        Antigen escape as a scenario, ``None`` where none was simulated; what is missing then.
    """

    disease: str
    antigens: tuple[JudgedAntigen, ...]
    gates: tuple[JudgedGate, ...] = ()
    gates_because: str = ""
    escape: EscapeComparison | None = None
    escape_because: str = ""


@dataclass(frozen=True, slots=True)
class ReceptorDomain:
    """A named stretch of the receptor's chain: residues ``start`` to ``end``, 0-based and half-open."""

    key: str
    name: str
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CourseParameters:
    """The parameters of one person's course; units as in :class:`revertant.knowledge.CellularKinetics`.

    Examples
    --------
    >>> course = CourseParameters(3900, 9.3, 24000, 0.16, 0.0079, 0.0032)
    >>> round(course.doubling_days, 2), round(course.fast_half_life_days, 2), round(course.slow_half_life_days)
    (0.78, 4.33, 217)
    """

    fold_expansion: float
    t_max_days: float
    c_max: float
    alpha_per_day: float
    persisting_share: float
    beta_per_day: float

    @property
    def rho_per_day(self) -> float:
        """Rate of expansion."""
        return math.log(self.fold_expansion) / self.t_max_days

    @property
    def doubling_days(self) -> float:
        """Time in which the cells double while they expand."""
        return math.log(2) / self.rho_per_day

    @property
    def fast_half_life_days(self) -> float:
        """Half-life of the fast decline."""
        return math.log(2) / self.alpha_per_day

    @property
    def slow_half_life_days(self) -> float:
        """Half-life of the slow decline."""
        return math.log(2) / self.beta_per_day


@dataclass(frozen=True, slots=True)
class KineticsBands:
    """Simulated courses, summed up.

    Parameters
    ----------
    model
        Catalogue key of the model.
    unit
        Unit of the concentrations.
    people, seed
        How many courses were drawn, and from which seed.
    days
        Times after infusion.
    bands
        For each of ``percentiles`` the concentration on every day, over people.
    c_max, t_max_days
        The same percentiles of each person's own peak and its time.
    typical
        The course of a person in the middle of every parameter.
    percentiles
        Percentiles of the simulated people that are kept.
    """

    model: str
    unit: str
    people: int
    seed: int
    days: tuple[float, ...]
    bands: tuple[tuple[float, ...], ...]
    c_max: tuple[float, ...]
    t_max_days: tuple[float, ...]
    typical: CourseParameters
    percentiles: tuple[int, ...] = (5, 25, 50, 75, 95)


@dataclass(frozen=True, slots=True)
class WatchItem:
    """One thing to do or to look out for.

    Parameters
    ----------
    when
        The phase it belongs to: ``"before"``, ``"release"``, ``"first weeks"`` or ``"follow-up"``.
    what, because
        The thing, and why for this person; ``because`` may be empty.
    sources, checked
        Where it stands.
    """

    when: str
    what: str
    because: str = ""
    sources: tuple[str, ...] = ()
    checked: bool = True


@dataclass(frozen=True, slots=True)
class CarTherapy:
    """One cell therapy.

    Parameters
    ----------
    disease
        The tumour; empty where nobody is planned for.
    attacked
        Symbols of the antigens the receptor binds.
    protein, domains
        The receptor's chain, N-terminus first, and its parts; empty where no receptor could be built.
    edit_set
        What is edited in the cells.
    kinetics, kinetics_finding
        Expansion and persistence; ``None`` outside the model's domain, which the finding says.
    watch
        What to watch, in order of time.
    infusion
        Dose and lymphodepletion against the label of the product with this receptor.
    off_target_pairs
        Breaks made on purpose with off-target cuts near enough to the guides, the likeliest first.
    """

    disease: str
    attacked: tuple[str, ...]
    protein: str
    domains: tuple[ReceptorDomain, ...]
    edit_set: EditSet
    kinetics: KineticsBands | None
    kinetics_finding: Finding
    watch: tuple[WatchItem, ...] = ()
    infusion: tuple[Finding, ...] = ()
    off_target_pairs: tuple[TranslocationPair, ...] = ()
