"""A prime editing design on the page: its extension, its drawing, its expected yield, and marks on the right guide."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from revertant.dossier import report_html
from revertant.model import Case, CaseVariant, Pathogenicity, Plan, Subject, Zygosity
from revertant.planning import PlanOptions, make_plan, open_inputs

DEMO = Path(str(files("revertant.cli") / "demo_data"))


@pytest.fixture(scope="module")
def plan() -> Plan:
    variant = CaseVariant(
        ("NM_000518.5:c.20A>T",),
        gene="HBB",
        zygosity=Zygosity.HOMOZYGOUS,
        pathogenicity=Pathogenicity.PATHOGENIC,
    )
    inputs = open_inputs(
        Case("c", Subject("s"), (variant,)),
        reference=str(DEMO / "loci.GRCh38.fa"),
        models=str(DEMO / "HBB.GRCh38.gtf"),
    )
    return make_plan(inputs, PlanOptions(search_off_targets=False))


def test_extension_yield_and_drawing(plan: Plan) -> None:
    page = report_html(plan)
    leads = {ranked.group: ranked for ranked in reversed(plan.designs)}.values()
    made = [ranked.design for ranked in leads if ranked.design.modality == "prime_editing"]
    assert made
    for design in made:
        start = page.index(f'id="{design.design_id}"')
        part = page[start : page.index("What to order", start)]
        [peg] = design.pegrnas
        assert f'<span class="rtt">{peg.rtt}</span><span class="pbs">{peg.pbs}</span>' in part
        assert part.count('class="pbs-bar"') >= 1
        assert part.count('class="rtt-bar"') >= 1
        assert "Expected yield" in part
        # The edited base is marked in the spacer of the pegRNA, never in that of the nicking guide.
        guides = re.findall(r'<code class="guide"><span class="spacer">(.*?)</span><span class="pam">', part)
        plain = [re.sub("<.*?>", "", guide) for guide in guides]
        assert plain[: len(design.guides)] == [guide.spacer for guide in design.guides]
        assert not any("<mark>" in guide for guide in guides[1 : len(design.guides)])
