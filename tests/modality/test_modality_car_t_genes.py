"""Edit sets on real first exons of TRAC, B2M, TRBC1 and TRBC2, in one person's cells."""

from __future__ import annotations

import pytest

from revertant import knowledge
from revertant.errors import InputError
from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.modality import DesignOptions
from revertant.modality.car_t.edits import EditRequest, design_edit_set
from revertant.modality.car_t.receptor import INTERVAL, arm_finding, trac_of_cells
from revertant.model import Call, CellEdit, CellSource, EditMethod, EditSet, Finding, Locus, Status, Variant
from revertant.sequence import reverse_complement
from revertant.variant.coding import coding_context
from t_cell_genes import (
    B2M,
    B2M_START,
    OVERLAP,
    TRAC,
    TRAC_AMPLICON,
    TRAC_EXON,
    TRAC_PIECE,
    TRAC_START,
    TRBC1_PIECE,
    TRBC1_START,
    TRBC2_PIECE,
    TRBC2_START,
    t_cell_genome,
)

_GIVEN = CellSource.ALLOGENEIC
#: The guide over the splice donor of exon 1 of B2M that a base editor breaks it with.
_DONOR_GUIDE = "ACTCACGCTGGATAGCCTCC"


@pytest.fixture(scope="module")
def ground(tmp_path_factory) -> tuple[PatientGenome, GeneModels]:
    return t_cell_genome(tmp_path_factory.mktemp("genes"))


def _edit(made: EditSet, gene: str) -> CellEdit:
    [edit] = [edit for edit in made.edits if edit.gene == gene]
    return edit


def _finding(made: EditSet, rule: str) -> Finding:
    return next(finding for finding in made.findings if finding.rule == rule)


class TestTheStretches:
    """Records that know nothing of each other agree on where the stretches lie."""

    def test_two_records_of_trac_overlap_base_by_base(self, shared_data) -> None:
        amplicon = Reference.open(shared_data / "genome" / "amplicons.fa").fetch(
            "TRAC", 0, len(TRAC_AMPLICON)
        )
        assert amplicon == TRAC_AMPLICON
        assert reverse_complement(amplicon)[-OVERLAP:] == TRAC_PIECE[:OVERLAP]
        # The record says its base 101 is chr14:22,547,664.
        assert TRAC_START + len(TRAC_AMPLICON) - OVERLAP == 22_547_664 - 101

    @pytest.mark.parametrize("key", ["trac_site_1", "b2m_site_2", "b2m_site_3"])
    def test_guides_of_change_seq_lie_where_their_record_says(self, key: str) -> None:
        row = knowledge.precedents()[key]
        bases, start = (TRAC, TRAC_START) if row.gene == "TRAC" else (B2M, B2M_START)
        assert row.locus is not None
        letters = row.spacer + row.pam
        found = bases.find(letters if row.locus.strand == "+" else reverse_complement(letters))
        assert start + found + 1 == row.locus.start

    @pytest.mark.parametrize(
        ("bases", "start", "at"),
        [(TRBC1_PIECE, TRBC1_START, 142_792_004), (TRBC2_PIECE, TRBC2_START, 142_801_351)],
    )
    def test_the_shared_guide_lies_in_both_twins_where_its_row_says(
        self, bases: str, start: int, at: int
    ) -> None:
        row = knowledge.precedents()["trbc_shared"]
        assert start + bases.index(row.spacer + row.pam) + 1 == at
        assert f"chr7:{at:,}-{at + 19:,}" in row.note

    def test_the_genes_are_read_in_their_frame(self, ground) -> None:
        genome, models = ground
        proteins = {
            gene: coding_context(models.choose(gene).transcript, genome.reference).protein
            for gene in ("TRAC", "B2M", "TRBC1", "TRBC2")
        }
        assert proteins["TRAC"].startswith("IQNPDPAVYQLRDSKSSDKSVCLFTDFDSQTNVSQSKDSDVYITDKTVLDMRSMDFKSNSAV")
        assert proteins["B2M"].startswith("MSRSVALAVLALLSLSGLEAIQ")
        assert "FWQNPRNHFRCQVQFYGLSENDEWTQDRAKPVTQ" in proteins["TRBC1"]
        assert proteins["TRBC1"] == proteins["TRBC2"]


class TestKnockOuts:
    def test_b2m_loses_its_first_splice_donor_to_a_base_editor(self, ground) -> None:
        b2m = _edit(design_edit_set(EditRequest(_GIVEN, ("CD19",)), *ground).edit_set, "B2M")
        assert b2m.chosen is not None
        assert b2m.chosen.method is EditMethod.BASE_EDITING
        assert (b2m.chosen.guide.spacer, b2m.chosen.guide.pam) == (_DONOR_GUIDE, "AGG")
        assert "splice donor of exon 1 broken" in b2m.chosen.label
        cut = {option.guide.spacer for option in b2m.options if option.method is EditMethod.NUCLEASE}
        assert cut == {knowledge.precedents()[key].spacer for key in ("b2m_site_2", "b2m_site_3")}

    def test_cuts_come_first_where_they_are_asked_for_and_that_is_told(self, ground) -> None:
        request = EditRequest(_GIVEN, ("CD19",), first=EditMethod.NUCLEASE)
        made = design_edit_set(request, *ground).edit_set
        b2m = _edit(made, "B2M")
        assert b2m.chosen is not None
        assert b2m.chosen.method is EditMethod.NUCLEASE
        assert made.breaks == 2
        told = _finding(made, "edits.base_editing")
        assert (told.status, told.value) == (Status.CAUTION, "2 cut")
        assert "a base editor, which makes no break, was found for B2M" in told.because
        [assay] = made.assays
        assert {assay.first, assay.second} == {"TRAC", "B2M"}
        assert sorted(junction.kind for junction in assay.junctions) == [
            "acentric",
            "balanced translocation",
            "balanced translocation",
            "dicentric",
        ]

    def test_one_base_editor_guide_ends_both_genes_of_the_beta_chain(self, ground) -> None:
        request = EditRequest(_GIVEN, ("CD19",), more=("TRBC1", "TRBC2"), keep=("B2M", "CIITA"))
        made = design_edit_set(request, *ground).edit_set
        first, second = (_edit(made, gene).chosen for gene in ("TRBC1", "TRBC2"))
        assert first is not None
        assert second is not None
        assert first.guide.spacer == second.guide.spacer
        assert first.method is EditMethod.BASE_EDITING
        assert {
            locus.start - start for locus, start in zip(first.copies, (TRBC1_START, TRBC2_START), strict=True)
        } == {56}
        assert (made.breaks, made.assays) == (0, ())
        assert _finding(made, "edits.two_copies").status is Status.CAUTION
        assert _finding(made, "edits.graft_versus_host").status is Status.PASS

    def test_one_cut_opens_both_genes_and_joins_them(self, ground) -> None:
        request = EditRequest(
            _GIVEN, more=("TRBC1", "TRBC2"), keep=("B2M", "CIITA"), first=EditMethod.NUCLEASE
        )
        made = design_edit_set(request, *ground).edit_set
        assert [len(edit.options) for edit in made.edits] == [2, 2]  # a guide stands once, whatever it fits
        assert [edit.chosen.breaks for edit in made.edits if edit.chosen] == [2, 0]
        [assay] = made.assays
        assert assay.pair is not None
        assert assay.pair.distance_bp == TRBC2_START - TRBC1_START
        assert assay.junctions[0].kind == "deletion of what lies between"

    def test_gene_that_begins_within_its_protein_has_no_start_to_be_lost(self, ground) -> None:
        options = DesignOptions(editors=("abe8e", "be4max"))
        made = design_edit_set(EditRequest(_GIVEN, ("CD19",)), *ground, options).edit_set
        labels = [option.label for edit in made.edits for option in edit.options if edit.gene == "TRAC"]
        assert labels
        assert not any("start codon" in label for label in labels)

    def test_model_that_does_not_fit_stops_one_way_for_one_gene(self, ground, tmp_path) -> None:
        """Without the last base of its coding sequence B2M has no frame: its published guides are left, and why is told."""
        genome, models = ground
        b2m = models.choose("B2M").transcript
        broken = type(b2m)(
            b2m.transcript_id, "B2M", b2m.contig, b2m.strand, b2m.exons, (b2m.cds[0], b2m.cds[1] - 1)
        )
        made = design_edit_set(EditRequest(_GIVEN, ("CD19",)), genome, GeneModels([broken])).edit_set
        edit = _edit(made, "B2M")
        assert {option.method for option in edit.options} == {EditMethod.NUCLEASE}
        assert "Base editing could not be tried: B2M-test.1 has no open reading frame" in edit.because


class TestThePersonsCells:
    """Variants under a guide, and sites that a variant makes."""

    def _variant(self, bases: str, start: int, motif: str, at: int) -> Variant:
        place = bases.index(motif) + at
        ref = bases[place]
        contig = "chr14" if bases is TRAC else "chr15"
        return Variant(contig, start + place, ref, {"A": "C", "C": "T", "G": "A", "T": "G"}[ref])

    def test_guide_is_made_on_the_copies_the_person_has(self, tmp_path) -> None:
        """A homozygous variant under the base-editing guide of B2M: the guide has the person's letter, or is another."""
        changed = self._variant(B2M, B2M_START, reverse_complement(_DONOR_GUIDE), 3)
        genome, models = t_cell_genome(tmp_path, (Call(changed, (True, True)),))
        made = design_edit_set(EditRequest(_GIVEN, ("CD19",)), genome, models).edit_set
        b2m = _edit(made, "B2M").chosen
        assert b2m is not None
        assert b2m.guide.spacer != _DONOR_GUIDE
        [window] = genome.windows(b2m.guide.locus.widened(10))
        here = window.bases if b2m.guide.locus.strand == "+" else reverse_complement(window.bases)
        assert b2m.guide.spacer + b2m.guide.pam in here

    def test_guide_of_both_copies_is_preferred_to_one_that_a_copy_lacks(self, tmp_path) -> None:
        changed = self._variant(B2M, B2M_START, reverse_complement(_DONOR_GUIDE), 3)
        genome, models = t_cell_genome(tmp_path, (Call(changed, (True, False), "1"),))
        request = EditRequest(_GIVEN, ("CD19",))
        made = design_edit_set(request, genome, models, DesignOptions(editors=("abe8e", "be4max"))).edit_set
        chosen = _edit(made, "B2M").chosen
        assert chosen is not None
        assert chosen.guide.spacer != _DONOR_GUIDE
        assert chosen.on_every_copy
        assert all(finding.rule != "edits.every_copy" for finding in made.findings)

    def test_guide_that_a_copy_lacks_fails_where_there_is_no_other(self, tmp_path) -> None:
        """Without gene models one published guide of TRBC1 is known, and one copy has lost its PAM."""
        row = knowledge.precedents()["trbc_shared"]
        place = TRBC1_PIECE.index(row.spacer) + len(row.spacer) + 1
        pam = Variant("chr7", TRBC1_START + place, "G", "A")
        genome, _ = t_cell_genome(tmp_path, (Call(pam, (True, False), "1"),))
        made = design_edit_set(EditRequest(CellSource.AUTOLOGOUS, more=("TRBC1",)), genome).edit_set
        [option] = _edit(made, "TRBC1").options
        assert (option.guide.spacer, option.on_every_copy) == (row.spacer, False)
        found = _finding(made, "edits.every_copy")
        assert (found.status, found.value) == (Status.FAIL, "TRBC1")

    def test_published_guide_is_left_where_a_variant_takes_its_pam(self, tmp_path) -> None:
        row = knowledge.precedents()["trac_site_1"]
        pam = self._variant(TRAC, TRAC_START, reverse_complement(row.spacer + row.pam), 1)
        genome, models = t_cell_genome(tmp_path, (Call(pam, (True, True)),))
        trac = _edit(design_edit_set(EditRequest(_GIVEN, ("CD19",)), genome, models).edit_set, "TRAC")
        assert row.spacer not in {option.guide.spacer for option in trac.options}
        assert (
            not trac.options
            or Locus("chr14", TRAC_EXON, TRAC_EXON + 1).contig == trac.options[0].guide.locus.contig
        )


class TestTwinsInThePersonsCells:
    """TRBC1 and TRBC2 where the person has lost the PAM of the shared guide in one of them, on both copies."""

    _ROW = knowledge.precedents()["trbc_shared"]

    def _lost(self, start: int, copies: tuple[bool, ...] = (True, True)) -> Call:
        place = TRBC1_PIECE.index(self._ROW.spacer) + len(self._ROW.spacer) + 1
        return Call(Variant("chr7", start + place, "G", "A"), copies, "1")

    def _made(self, tmp_path, call: Call, *, models: bool = True) -> EditSet:
        genome, rows = t_cell_genome(tmp_path, (call,))
        request = EditRequest(
            _GIVEN, more=("TRBC1", "TRBC2"), keep=("B2M", "CIITA"), first=EditMethod.NUCLEASE
        )
        return design_edit_set(request, genome, rows if models else None).edit_set

    def test_a_place_that_the_person_lacks_is_no_break(self, tmp_path) -> None:
        made = self._made(tmp_path, self._lost(TRBC2_START))
        first = _edit(made, "TRBC1").by(EditMethod.NUCLEASE)
        assert first is not None
        assert (first.guide.spacer, first.breaks, len(first.copies)) == (self._ROW.spacer, 1, 1)

    def test_the_guide_of_one_twin_does_not_serve_the_other_that_lacks_it(self, tmp_path) -> None:
        made = self._made(tmp_path, self._lost(TRBC2_START))
        second = _edit(made, "TRBC2")
        assert all(option.guide.spacer != self._ROW.spacer for option in second.options)
        assert all(option.guide.locus.start >= TRBC2_START for option in second.options)

    def test_without_gene_models_one_place_is_of_neither(self, tmp_path) -> None:
        made = self._made(tmp_path, self._lost(TRBC2_START), models=False)
        assert [edit.options for edit in made.edits] == [(), ()]
        assert "TRBC1 cannot be told from TRBC2" in made.edits[0].needs
        assert _finding(made, "edits.graft_versus_host").status is Status.UNKNOWN


class TestThePlaceInTrac:
    """Where the receptor is put: its guide, and arms of the cells' own copies."""

    def test_guide_of_the_donor_comes_first_for_the_receptor_and_last_for_a_knock_out(self, ground) -> None:
        spacers = {
            knock_in: [
                option.guide.spacer
                for option in _edit(
                    design_edit_set(EditRequest(_GIVEN, knock_in=knock_in), *ground).edit_set, "TRAC"
                ).options
            ]
            for knock_in in (True, False)
        }
        opening = knowledge.precedents()[knowledge.car_edits()["TRAC"].knock_in_guide].spacer
        assert spacers[True][0] == opening
        assert spacers[False][-1] == opening

    def test_arms_carry_the_variants_of_the_cells(self) -> None:
        """A stretch of the interval with the amplicon in its place; what lies around it is made up."""
        before = TRAC_START - INTERVAL.start
        left = "ACGTTGCAAT" * (before // 10) + "A" * (before % 10)
        right = "TTGCAACGTA" * 200
        bases = (left + TRAC + right)[: len(INTERVAL)]
        reference = Reference.from_sequences({f"chr14:{INTERVAL.start + 1}-{INTERVAL.end}": bases})
        plain = trac_of_cells(PatientGenome(reference))
        assert not plain.own
        at = INTERVAL.start + before - 50
        ref = bases[before - 50]
        changed = Variant("chr14", at, ref, "G" if ref != "G" else "T")
        own = trac_of_cells(PatientGenome(reference, [Call(changed, (True, True))]))
        assert own.own
        assert own.right == plain.right
        [differs] = [i for i, (a, b) in enumerate(zip(own.left, plain.left, strict=True)) if a != b]
        assert own.left[differs] == changed.alt
        assert "read theirs" in arm_finding(plain).because
        assert "read theirs" not in arm_finding(own).because

    def test_reference_without_the_place_is_refused(self) -> None:
        with pytest.raises(InputError, match="does not cover chr14"):
            trac_of_cells(PatientGenome(Reference.from_sequences({"chr1": "ACGT" * 50})))
