"""The edit set of a T cell: which genes, which guides, how many breaks, and what they can be joined to."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant import knowledge
from revertant.errors import InputError, UsageError
from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.modality import DesignOptions
from revertant.modality.car_t.edits import (
    Cut,
    EditRequest,
    compare_hla,
    design_edit_set,
    translocation_assays,
    wanted_edits,
)
from revertant.model import (
    Call,
    CellSource,
    EditMethod,
    EditPurpose,
    EditSet,
    Finding,
    Guide,
    Locus,
    PamSide,
    Status,
    Strand,
    Transcript,
    Variant,
)
from revertant.sequence import reverse_complement

_OWN, _GIVEN = CellSource.AUTOLOGOUS, CellSource.ALLOGENEIC
_TRBC = knowledge.precedents()["trbc_shared"]


def _bases(seed: int, length: int) -> str:
    """Bases without GG or CC, so that no PAM lies in them, from a fixed linear congruential generator."""
    bases, state = "", seed
    while len(bases) < length:
        state = (1_103_515_245 * state + 12_345) % 2**31
        base = "ACGT"[state >> 16 & 3]
        if not (bases and base in "GC" and bases[-1] == base):
            bases += base
    return bases


def _finding(made: EditSet, rule: str) -> Finding:
    [found] = [finding for finding in made.findings if finding.rule == rule]
    return found


def _genes(request: EditRequest) -> list[str]:
    return [wish.row.key for wish in wanted_edits(request)]


class TestWishes:
    def test_own_cells_against_an_antigen_of_other_cells_need_no_edit(self) -> None:
        assert _genes(EditRequest(_OWN, ("CD19",))) == []

    @pytest.mark.parametrize("antigen", ["CD7", "CD5", "CD2"])
    @pytest.mark.parametrize("cells", [_OWN, _GIVEN])
    def test_antigen_of_t_cells_is_removed_from_them(self, antigen: str, cells: CellSource) -> None:
        assert antigen in _genes(EditRequest(cells, (antigen,)))

    def test_given_cells_lose_receptor_and_both_classes_of_hla(self) -> None:
        assert _genes(EditRequest(_GIVEN, ("CD19",))) == ["TRAC", "B2M", "CIITA"]

    def test_beta_chain_can_stand_for_the_alpha_chain_only_when_both_genes_go(self) -> None:
        assert "TRAC" not in _genes(EditRequest(_GIVEN, ("CD19",), more=("TRBC1", "TRBC2")))
        assert "TRAC" in _genes(EditRequest(_GIVEN, ("CD19",), more=("TRBC1",)))

    def test_alemtuzumab_and_checkpoint_and_knock_in(self) -> None:
        request = EditRequest(_OWN, ("CD19",), knock_in=True, alemtuzumab=True, checkpoint=True)
        assert _genes(request) == ["TRAC", "CD52", "PDCD1"]

    def test_gene_with_two_purposes_stands_once(self) -> None:
        [wish] = [w for w in wanted_edits(EditRequest(_GIVEN, knock_in=True)) if w.row.key == "TRAC"]
        assert wish.purposes == (EditPurpose.GRAFT_VERSUS_HOST, EditPurpose.KNOCK_IN)

    def test_unknown_gene_is_refused(self) -> None:
        with pytest.raises(UsageError, match="TP53 is not among"):
            EditRequest(_OWN, more=("TP53",))


class TestPublishedGuides:
    """The TRAC guides of CHANGE-seq (Lazzarotto 2020) and Eyquem 2017 lie on the TRAC amplicon."""

    @pytest.mark.parametrize(
        ("key", "pam"), [("trac_eyquem", "GGG"), ("trac_site_1", "TGG")], ids=["knock_in", "knock_out"]
    )
    def test_guide_is_found_on_the_amplicon(self, shared_data: Path, key: str, pam: str) -> None:
        reference = Reference.open(shared_data / "genome" / "amplicons.fa")
        made = design_edit_set(EditRequest(_GIVEN, ("CD19",)), PatientGenome(reference)).edit_set
        [trac] = [edit for edit in made.edits if edit.gene == "TRAC"]
        spacer = knowledge.precedents()[key].spacer
        [option] = [option for option in trac.options if option.guide.spacer == spacer]
        locus = option.guide.locus
        assert (option.guide.pam, option.breaks, option.precedent_stage) == (pam, 1, "published")
        assert reference.fetch(locus.contig, locus.start, locus.end) == spacer
        assert reference.fetch(locus.contig, locus.end, locus.end + 3) == pam

    def test_what_is_not_there_is_asked_for(self, shared_data: Path) -> None:
        reference = Reference.open(shared_data / "genome" / "amplicons.fa")
        made = design_edit_set(EditRequest(_GIVEN, ("CD7",)), PatientGenome(reference)).edit_set
        needs = {edit.gene: edit.needs for edit in made.edits}
        assert needs["TRAC"] == ""
        assert "CD7 (chr17, 17q25.3) is needed" in needs["CD7"]
        assert _finding(made, "edits.double_strand_breaks").status is Status.UNKNOWN

    def test_person_whose_copies_differ_under_the_guide_does_not_get_it(self, shared_data: Path) -> None:
        reference = Reference.open(shared_data / "genome" / "amplicons.fa")
        before = reference.fetch("TRAC", 125, 126)
        changed = Variant("TRAC", 125, before, "A" if before != "A" else "C")
        genome = PatientGenome(reference, [Call(changed, (True, True))])
        made = design_edit_set(EditRequest(_GIVEN, ("CD19",)), genome).edit_set
        assert made.edits[0].options == ()


def _two_copies(*, both: bool) -> tuple[PatientGenome, GeneModels]:
    """TRBC1 and TRBC2 as exons with the published site, on one chromosome."""
    exon = f"ATG{_bases(3, 60)}{_TRBC.spacer}AGG{_bases(5, 67)}"
    parts = [_bases(11, 400), exon, _bases(12, 900), exon if both else _bases(13, len(exon)), _bases(14, 400)]
    at = [sum(len(part) for part in parts[:number]) for number in (1, 3)]
    transcripts = [
        Transcript(f"T{number}.1", f"TRBC{number}", "chr7", Strand.PLUS, ((start, start + len(exon)),))
        for number, start in enumerate(at, start=1)
    ]
    return (
        PatientGenome(Reference.from_sequences({"chr7": "".join(parts)})),
        GeneModels(transcripts[: 1 + both]),
    )


class TestTwoCopies:
    def test_guide_of_both_genes_is_a_finding_and_two_breaks(self) -> None:
        genome, models = _two_copies(both=True)
        request = EditRequest(_GIVEN, ("CD19",), more=("TRBC1", "TRBC2"))
        made = design_edit_set(request, genome, models).edit_set
        told = [finding for finding in made.findings if finding.rule == "edits.two_copies"]
        assert told[0].status is Status.CAUTION
        assert told[0].value == "2 places"
        beta = [edit for edit in made.edits if edit.gene.startswith("TRBC")]
        assert [edit.chosen.breaks if edit.chosen else None for edit in beta] == [2, 0]
        assert made.breaks == 2
        [assay] = made.assays
        assert {assay.first, assay.second} == {"TRBC1", "TRBC2"}
        assert assay.pair is not None
        assert assay.pair.kind == "inversion or deletion"
        assert assay.pair.distance_bp == 153 + 900

    def test_second_gene_that_is_not_there_is_unknown(self) -> None:
        genome, models = _two_copies(both=False)
        made = design_edit_set(EditRequest(_OWN, more=("TRBC1",)), genome, models).edit_set
        assert _finding(made, "edits.two_copies").status is Status.UNKNOWN


class TestDesigns:
    def _ground(self) -> tuple[PatientGenome, GeneModels]:
        # CAA at codon 20 becomes TAA; the C lies at position 6 of the spacer, and the PAM is TGG.
        coding = "ATG" + "GAT" * 18 + "CAAGATGATGATGATTGG" + "GAT" * 60 + "TAA"
        bases = _bases(21, 300) + coding + _bases(22, 300)
        exon = (300, 300 + len(coding))
        transcript = Transcript("T1.1", "CD7", "chr17", Strand.PLUS, (exon,), exon)
        return PatientGenome(Reference.from_sequences({"chr17": bases})), GeneModels([transcript])

    def test_base_editor_comes_before_the_cut_and_makes_no_break(self) -> None:
        batch = design_edit_set(EditRequest(_OWN, ("CD7",)), *self._ground())
        [edit] = batch.edit_set.edits
        assert edit.chosen is not None
        assert edit.chosen.method is EditMethod.BASE_EDITING
        assert (edit.chosen.breaks, batch.edit_set.breaks) == (0, 0)
        assert _finding(batch.edit_set, "edits.double_strand_breaks").status is Status.PASS
        assert _finding(batch.edit_set, "edits.fratricide").status is Status.PASS
        assert [design.guides[0] for design in batch.designs] == [edit.chosen.guide]
        assert edit.by(EditMethod.NUCLEASE) is not None
        assert batch.edit_set.nuclease_breaks == 1

    def test_gene_that_only_the_models_hold_is_asked_for_by_its_interval(self) -> None:
        _, models = self._ground()
        elsewhere = PatientGenome(Reference.from_sequences({"chr1": "ACGT" * 50}))
        [edit] = design_edit_set(EditRequest(_OWN, ("CD7",)), elsewhere, models).edit_set.edits
        transcript = models.choose("CD7").transcript
        assert edit.options == ()
        assert f"chr17:{transcript.locus.start + 1}-{transcript.locus.end} (T1.1) is needed" in edit.needs

    def test_editors_the_user_names_are_used(self) -> None:
        options = DesignOptions(editors=("abe8e",))
        [edit] = design_edit_set(EditRequest(_OWN, ("CD7",)), *self._ground(), options).edit_set.edits
        assert {option.effector for option in edit.options} <= {"abe8e", "spcas9"}

    def test_without_a_reference_everything_is_needed(self) -> None:
        made = design_edit_set(EditRequest(_GIVEN, ("CD7",))).edit_set
        assert all(edit.needs for edit in made.edits)
        assert made.assays == ()
        statuses = {finding.status for finding in made.findings}
        assert Status.PASS not in statuses


class TestFindings:
    def test_own_cells_are_not_asked_about_the_host(self) -> None:
        made = design_edit_set(EditRequest(_OWN, ("CD19",))).edit_set
        for rule in ("edits.graft_versus_host", "edits.host_versus_graft", "edits.hla_match"):
            assert _finding(made, rule).status is Status.NOT_APPLICABLE

    def test_antigen_nobody_has_judged_is_not_a_pass(self) -> None:
        made = design_edit_set(EditRequest(_OWN, ("NOTAGENE",))).edit_set
        assert _finding(made, "edits.fratricide").status is Status.UNKNOWN

    def test_antigen_of_t_cells_that_nobody_knows_to_remove_is_no_pass(self) -> None:
        left = [
            row.symbol
            for row in knowledge.antigens().values()
            if row.on_t_cells and row.symbol and row.symbol not in knowledge.car_edits()
        ]
        for antigen in left:
            made = design_edit_set(EditRequest(_OWN, (antigen,))).edit_set
            assert _finding(made, "edits.fratricide").status is Status.CAUTION

    @pytest.mark.parametrize(
        ("donor", "status"),
        [
            ((), Status.UNKNOWN),
            (("A*02:01", "A*24:02"), Status.UNKNOWN),
            (("A*02:01", "A*01:01"), Status.CAUTION),
        ],
    )
    def test_match_is_counted_and_never_assumed(self, donor: tuple[str, ...], status: Status) -> None:
        request = EditRequest(_GIVEN, ("CD19",), patient_hla=("A*02:01", "A*24:02"), donor_hla=donor)
        assert _finding(design_edit_set(request).edit_set, "edits.hla_match").status is status


_GUIDE = Guide("A" * 20, "TGG", "NGG", PamSide.THREE_PRIME, Locus("a", 0, 20))
_ARMS = st.sampled_from(["p", "q"])


def _cut(contig: str, at: int, chromosome: str, arm: str) -> Cut:
    return Cut(f"{contig}{at}", _GUIDE, Locus(contig, at - 17, at + 3), at, chromosome, arm)


def _genome() -> PatientGenome:
    return PatientGenome(Reference.from_sequences({"a": _bases(31, 900), "b": _bases(32, 900)}))


class TestJoinings:
    @given(st.integers(0, 6))
    def test_n_breaks_make_n_times_n_minus_one_half_pairs(self, number: int) -> None:
        cuts = [_cut("a", 100 * at + 120, "chr1", "q") for at in range(number)]
        assays = translocation_assays(cuts, PatientGenome(Reference.from_sequences({"a": "ACGT" * 250})))
        assert len(assays) == number * (number - 1) // 2
        assert all(len(assay.junctions) == 4 for assay in assays)

    @given(_ARMS, _ARMS)
    def test_every_pair_of_chromosomes_gives_one_dicentric_and_one_acentric(
        self, one: str, other: str
    ) -> None:
        genome = PatientGenome(Reference.from_sequences({"a": "ACGT" * 100, "b": "TTGCA" * 80}))
        [assay] = translocation_assays([_cut("a", 200, "chr1", one), _cut("b", 200, "chr2", other)], genome)
        kinds = sorted(junction.kind for junction in assay.junctions)
        assert kinds == ["acentric", "balanced translocation", "balanced translocation", "dicentric"]
        # Centromeres are neither made nor lost: an end that holds one is the left end on q and the right one on p.
        holding = {f"a200 {'left' if one == 'q' else 'right'}", f"b200 {'left' if other == 'q' else 'right'}"}
        [dicentric] = [junction for junction in assay.junctions if junction.kind == "dicentric"]
        assert set(dicentric.ends.split(" + ")) == holding

    def test_unknown_arm_is_said(self) -> None:
        [assay] = translocation_assays([_cut("a", 400, "chr1", ""), _cut("b", 400, "chr2", "q")], _genome())
        assert {junction.kind for junction in assay.junctions} == {"translocation"}
        assert "arm of a cut is not known" in assay.problem

    def test_one_chromosome_is_deleted_inverted_or_closed(self) -> None:
        [assay] = translocation_assays([_cut("a", 700, "chr1", "q"), _cut("a", 200, "chr1", "q")], _genome())
        assert assay.pair is not None
        assert (assay.first, assay.pair.distance_bp) == ("a200", 500)
        assert [junction.kind for junction in assay.junctions] == [
            "deletion of what lies between",
            "ring of what lies between",
            "inversion; between the two homologues dicentric",
            "inversion; between the two homologues acentric",
        ]

    def test_primers_amplify_the_joined_ends_and_nothing_else(self) -> None:
        """Each junction is built as sequence, and the primers are looked for in it."""
        pytest.importorskip("primer3")
        genome = _genome()
        cuts = [_cut("a", 450, "chr1", "q"), _cut("b", 420, "chr2", "p")]
        [assay] = translocation_assays(cuts, genome)
        ends = {}
        for cut in cuts:
            whole = genome.reference.fetch(cut.locus.contig, 0, 900)
            # Every end reads from far away towards the break.
            ends[f"{cut.name} left"] = whole[: cut.position]
            ends[f"{cut.name} right"] = reverse_complement(whole[cut.position :])
        for junction in assay.junctions:
            first, second = junction.ends.split(" + ")
            joined = ends[first] + reverse_complement(ends[second])
            start = joined.find(junction.forward)
            stop = joined.find(reverse_complement(junction.reverse))
            assert start >= 0
            assert stop >= 0
            assert stop + len(junction.reverse) - start == junction.product_bp


class TestHla:
    @given(st.permutations(["A*02:01", "A*24:02"]), st.permutations(["A*02:01:01:01", "HLA-A*24:02"]))
    def test_order_and_resolution_do_not_matter(self, patient: list[str], donor: list[str]) -> None:
        [found] = compare_hla(patient, donor)
        assert (found.shared, found.fields) == (2, 2)

    def test_low_resolution_is_said(self) -> None:
        [found] = compare_hla(["B*07:02", "B*08:01"], ["B*07", "B*08"])
        assert (found.shared, found.fields) == (2, 1)

    def test_null_allele_is_another_one(self) -> None:
        [found] = compare_hla(["A*24:09N", "A*01:01"], ["A*24:09", "A*01:01"])
        assert found.shared == 1

    @given(st.lists(st.sampled_from(["A*01:01", "A*02:01", "A*03:01"]), min_size=2, max_size=2))
    def test_everybody_matches_themselves(self, alleles: list[str]) -> None:
        [found] = compare_hla(alleles, alleles)
        assert found.shared == 2

    @pytest.mark.parametrize("text", ["A2", "A*2", "A*02:1", "", "B07:02"])
    def test_what_is_no_allele_is_refused(self, text: str) -> None:
        with pytest.raises(InputError, match="no name of an HLA allele"):
            compare_hla([text], [])
