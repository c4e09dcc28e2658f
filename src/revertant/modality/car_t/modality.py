"""T cells with a chimeric antigen receptor as one object of the register."""

from __future__ import annotations

from dataclasses import dataclass

from revertant.errors import RevertantError
from revertant.genome import GeneModels, PatientGenome
from revertant.modality.car_t.eligibility import NAME, cell_strategies
from revertant.modality.car_t.receptor import ReceptorBrief, design_receptor
from revertant.modality.car_t.safety import organ_findings, safety_findings
from revertant.modality.car_t.therapy import TherapyGround, complete_therapy
from revertant.modality.contract import AssessmentContext, DesignBatch, DesignOptions
from revertant.model import Assessment, Case, Design, Finding, GenomeForm, Status, Strategy, Tally, Target

__all__ = ["CAR_T", "CarT"]


@dataclass(frozen=True, slots=True)
class CarT:
    """T cells with a chimeric antigen receptor.

    What it acts on is an antigen of a tumour, not a gene that is wrong: a tumour goes through the plan on a line of
    its own, which chooses the antigen. Given a gene that is one, the modality makes the receptor against it.

    Examples
    --------
    >>> CAR_T.name, CAR_T.needs_genome
    ('car_t', False)
    """

    name: str = NAME
    title: str = "CAR-T"
    makes_designs: bool = True
    needs_genome: bool = False

    def eligibility(self, target: Target, case: Case) -> tuple[Strategy, ...]:
        """Say whether the gene is an antigen of a tumour that the case names."""
        return cell_strategies(target, case)

    def design(
        self, strategy: Strategy, genome: PatientGenome, models: GeneModels, options: DesignOptions
    ) -> DesignBatch:
        """Make a receptor against an eligible strategy's antigen, in a lentiviral vector, with its edit set."""
        gene = strategy.target.gene
        parts = {part.key: part for part in options.car_parts}
        binders = {row.key: row for row in options.car_binders}
        try:
            made = design_receptor(ReceptorBrief(gene, own_parts=parts, own_binders=binders))
        except RevertantError as error:
            return DesignBatch((), Tally.of("receptors", kept=0, refused=[error.what]))
        ground = TherapyGround(genome=genome, models=models, options=options)
        designs = tuple(
            complete_therapy(design, assessment, made.receptor, ground).design
            for design, assessment in zip(made.designs, made.assessments, strict=True)
        )[: options.most_designs]
        refused = [f"{kind.value}: {why}" for kind, why in made.refused]
        return DesignBatch(designs, Tally.of("receptors", kept=len(designs), refused=refused))

    def assess(self, design: Design, context: AssessmentContext) -> Assessment:
        """Apply the rules that hold whatever the receptor is built of: edits, organs at risk, what labels warn of."""
        car, findings = design.car, list[Finding]()
        if car is not None:
            form = design.vector.form if design.vector is not None else GenomeForm.LENTIVIRAL
            warned = safety_findings(form=form, antigens=car.attacked)
            findings += car.edit_set.findings
            findings += organ_findings(car.attacked)
            findings += [one for one in warned if one.status is not Status.UNKNOWN]
        return Assessment(design.design_id, tuple(findings), tuple(context.off_targets or ()))


#: The one object of this modality.
CAR_T = CarT()
