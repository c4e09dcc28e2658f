"""Donors to scale: where arms, variants and silent changes stand in the drawing."""

from __future__ import annotations

import re

import pytest

from revertant.dossier.drawing.donor import donor_legend, draw_donor
from revertant.model import Donor, DonorKind, Locus, Strand, Variant

OWN, SILENT = Variant("chr11", 110, "A", "G"), Variant("chr11", 205, "C", "T")


def donor_of(kind=DonorKind.SSODN, *, minus=False, cargo=""):
    """Arms of 100 on either side of 10 written bases; the left one lies at 100 to 200 on the forward strand."""
    strand = Strand.MINUS if minus else Strand.PLUS
    arms = [Locus("chr11", 100, 200, strand), Locus("chr11", 210, 310, strand)]
    if minus:
        arms.reverse()
    return Donor(kind, "ACGTACGTAC" * 21, 100, 100, *arms, ("1",), (OWN,), (SILENT,), cargo)


def boxes(drawing, kind):
    found = re.findall(rf'<rect class="{kind}" x="([-0-9.]+)" y="[-0-9.]+" width="([-0-9.]+)"', drawing)
    return [(float(x), float(width)) for x, width in found]


@pytest.mark.parametrize("minus", [False, True])
@pytest.mark.parametrize("kind", DonorKind)
def test_marks_stand_where_the_bases_are(kind, minus):
    drawing = draw_donor(donor_of(kind, minus=minus))
    (first, second), [written] = boxes(drawing, "donor-arm"), boxes(drawing, "donor-written")
    assert first[1] == pytest.approx(second[1], abs=0.2)
    assert first[0] + first[1] == pytest.approx(written[0], abs=0.2)
    assert written[0] + written[1] == pytest.approx(second[0], abs=0.2)
    [(own, own_width)], [(silent, silent_width)] = boxes(drawing, "donor-own"), boxes(drawing, "donor-silent")
    # The own variant is the eleventh base of the forward left arm, the silent change the sixth written base.
    arm = second if minus else first
    share = (99 - 10 + 0.5) / 100 if minus else (10 + 0.5) / 100
    assert own + own_width / 2 == pytest.approx(arm[0] + share * arm[1], abs=0.3)
    inner = (4 + 0.5) / 10 if minus else (5 + 0.5) / 10
    assert silent + silent_width / 2 == pytest.approx(written[0] + inner * written[1], abs=0.3)
    assert len(boxes(drawing, "donor-itr")) == (2 if kind is DonorKind.AAV6 else 0)
    assert ("strand" in drawing) is (kind in {DonorKind.SSODN, DonorKind.LONG_SSDNA})
    assert "chr11:111 A&gt;G" in drawing


def test_everything_stays_on_the_paper():
    for width in (360.0, 760.0):
        drawing = draw_donor(
            donor_of(DonorKind.AAV6, cargo="a receptor with a very long name " * 9), width=width
        )
        for x, wide in [box for kind in ("donor-arm", "donor-written") for box in boxes(drawing, kind)]:
            assert 0 <= x <= x + wide <= width
        assert "…" in drawing
        assert (
            boxes(drawing, "donor-silent") == []
        )  # where it stands in a cargo is not known from the reference


def test_the_legend_names_what_is_drawn():
    donor = donor_of(DonorKind.AAV6)
    drawing = draw_donor(donor)
    for kind, _ in donor_legend(donor):
        assert f'class="{kind}"' in drawing
    plain = Donor(DonorKind.SSODN, "A" * 9, 4, 4, Locus("s", 0, 4), Locus("s", 5, 9))
    assert [kind for kind, _ in donor_legend(plain)] == ["donor-arm", "donor-written"]
