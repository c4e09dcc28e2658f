"""Designs with molecules beside their guides."""

from __future__ import annotations

from dataclasses import replace

from revertant.model import AntisenseOligo, Design, Donor, DonorKind, Locus, PegRna, Route, Strand

_BARE = Design("prime_editing", Route.RESTORE_WILD_TYPE, "HBB", "c.20A>T", "pe2", "PE2", (), "corrects")
_ARM = Locus("chr11", 10, 20, Strand.PLUS)


def test_every_molecule_is_part_of_the_name():
    peg = PegRna("ACGT", "CC", "GG")
    donor = Donor(DonorKind.SSODN, "ACGT", 2, 2, _ARM, _ARM)
    oligo = AntisenseOligo("ACGT", _ARM, "2'-MOE phosphorothioate", "5' splice site")
    designs = [
        _BARE,
        replace(_BARE, pegrnas=(peg,)),
        replace(_BARE, pegrnas=(replace(peg, rtt="GC"),)),
        replace(_BARE, pegrnas=(replace(peg, motif="mpknot"),)),
        replace(_BARE, donor=donor),
        replace(_BARE, donor=replace(donor, sequence="ACGA")),
        replace(_BARE, antisense=(oligo,)),
        replace(_BARE, antisense=(replace(oligo, chemistry="PMO"),)),
    ]
    assert len({design.design_id for design in designs}) == len(designs)
