"""Sites in a population: small panels whose answer is known."""

from __future__ import annotations

import pytest
from population_cases import found, line, write_panel

from revertant.errors import InputError, ProblemsError
from revertant.genome import Reference
from revertant.model import (
    HaplotypeCount,
    Locus,
    OffTargetRequest,
    SearchLimits,
    SiteOrigin,
    Status,
    Variant,
)
from revertant.offtarget import scan, scan_by_hand
from revertant.offtarget.population.population import population_sites

GUIDE = "CTAACAGTTGCTTTTATCAC"
LEFT = "TATCTATATTACTATACTATCTTATACTAA"
RIGHT = "ATATTACTATACTATCTTATACTAATATCT"
EXACT = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(0))
NEAR = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(1))
PAMLESS = LEFT + GUIDE + "ATA" + RIGHT
PERFECT = LEFT + GUIDE + "AGG" + RIGHT
PAM = len(LEFT) + 20


def snv(text: str, at: int, alt: str) -> Variant:
    return Variant("s", at, text[at], alt)


def sites(folder, text, lines, request=EXACT, populations=None, **more):
    """The rows, after checking that handing in the reference's hits and the slow twin change nothing."""
    result = found(folder, {"s": text}, lines, [request], populations, **more)
    assert found(folder, {"s": text}, lines, [request], populations, scanner=scan_by_hand, **more) == result
    known = scan([text], [request])
    assert found(folder, {"s": text}, lines, [request], populations, reference_hits=known, **more) == result
    return result.sites[0]


def summary(site):
    return site.site.origin.value, site.overall.carrying, site.overall.called, site.people


FIRST, SECOND = snv(PAMLESS, PAM + 1, "G"), snv(PAMLESS, PAM + 2, "G")


def test_two_variants_make_a_site_only_together(tmp_path):
    """In trans they make none; a product of allele frequencies (1/2 times 1/2) would say 1/4."""
    lines = [
        line(PAMLESS, FIRST, "0|1", "1|0", "1|1", "0|0"),
        line(PAMLESS, SECOND, "0|1", "0|1", "1|1", "0|0"),
    ]
    [site] = sites(tmp_path, PAMLESS, lines)
    assert summary(site) == ("gained", 3, 8, 2)
    assert site.overall.frequency == 3 / 8
    assert site.site.variants == (FIRST, SECOND)
    assert site.site.haplotypes == ("panel",)
    assert (site.site.locus, site.site.pam, site.site.cfd) == (Locus("s", 30, 50), "AGG", 1.0)
    assert (site.guide, site.is_phased) == ("guide 0", True)


def test_nobody_has_both_so_there_is_no_site(tmp_path):
    lines = [line(PAMLESS, FIRST, "0|1", "1|0"), line(PAMLESS, SECOND, "1|0", "0|1")]
    assert sites(tmp_path, PAMLESS, lines) == ()


def test_a_site_gained_on_one_haplotype_and_another_lost_on_the_next(tmp_path):
    text = LEFT + GUIDE + "AGG" + GUIDE + "AGA" + RIGHT
    breaks, makes = snv(text, PAM + 2, "T"), snv(text, PAM + 25, "G")
    lines = [line(text, breaks, "0|1", "0|0", "1|1"), line(text, makes, "1|0", "0|1", "0|0")]
    lost, gained = sites(tmp_path, text, lines)
    assert summary(lost) == ("lost", 3, 6, 2)
    assert (lost.site.variants, lost.site.cfd, lost.site.reference_cfd) == ((breaks,), None, 1.0)
    assert summary(gained) == ("gained", 2, 6, 2)
    assert gained.site.variants == (makes,)
    assert gained.site.locus.start == lost.site.locus.start + 23


def test_a_changed_site_is_not_a_lost_one(tmp_path):
    change = snv(PERFECT, len(LEFT) + 5, "T")
    [site] = sites(tmp_path, PERFECT, [line(PERFECT, change, "0|1", "0|0")], NEAR)
    assert summary(site) == ("changed", 1, 4, 1)
    assert (site.site.mismatches, site.site.reference_cfd) == (1, 1.0)
    [site] = sites(tmp_path, PERFECT, [line(PERFECT, change, "0|1", "0|0")])
    assert summary(site) == ("lost", 1, 4, 1)


def test_each_set_of_variants_that_touches_a_site_is_a_row_of_its_own(tmp_path):
    first, second = snv(PERFECT, len(LEFT) + 5, "T"), snv(PERFECT, len(LEFT) + 9, "A")
    lines = [line(PERFECT, first, "1|0", "1|1"), line(PERFECT, second, "0|1", "0|1")]
    rows = sites(tmp_path, PERFECT, lines)
    assert [(row.site.variants, summary(row)) for row in rows] == [
        ((first,), ("lost", 2, 4, 2)),
        ((first, second), ("lost", 1, 4, 1)),
        ((second,), ("lost", 1, 4, 1)),
    ]


def test_haplotypes_that_give_the_same_site_are_added_up(tmp_path):
    """The neighbour shares the cluster, but does not touch the site."""
    change, neighbour = snv(PERFECT, PAM + 2, "T"), snv(PERFECT, PAM + 8, "C")
    lines = [line(PERFECT, change, "1|1", "0|1"), line(PERFECT, neighbour, "0|1", "1|0")]
    [site] = sites(tmp_path, PERFECT, lines)
    assert (summary(site), site.site.variants) == (("lost", 3, 4, 2), (change,))


def test_a_deletion_makes_a_site(tmp_path):
    text = LEFT + GUIDE[:9] + "GATTCAGA" + GUIDE[9:] + "AGG" + RIGHT
    deletion = Variant("s", len(LEFT) + 9, "GATTCAGA", "")
    [site] = sites(tmp_path, text, [line(text, deletion, "0|1", "1|1")])
    assert (summary(site), site.site.locus) == (("gained", 3, 4, 2), Locus("s", 30, 58))


def test_a_repeat_that_shrinks_leaves_the_site_what_it_is(tmp_path):
    text = LEFT + "CACACACA" + GUIDE + "AGG" + RIGHT
    assert sites(tmp_path, text, [line(text, Variant("s", len(LEFT) + 6, "CA", ""), "0|1")]) == ()


def test_several_alternatives_at_one_place(tmp_path):
    [base] = PERFECT[PAM + 1]
    text = "\t".join(["s", str(PAM + 2), ".", base, "A,T,GC", ".", "PASS", ".", "GT", "1|2", "3|0", "1/2"])
    rows = sites(tmp_path, PERFECT, [text])
    assert sorted((row.site.variants[0].alt, summary(row)) for row in rows) == [
        ("A", ("lost", 2, 6, 2)),
        ("C", ("lost", 1, 6, 1)),
        ("T", ("lost", 2, 6, 2)),
    ]


# --- who is counted ------------------------------------------------------------------------------------------

BREAK, ASIDE = snv(PERFECT, PAM + 1, "T"), snv(PERFECT, PAM + 9, "G")


def test_copies_that_were_not_called_are_in_neither_number(tmp_path):
    lines = [
        line(PERFECT, BREAK, "0|1", "0|0", ".|1", ".|."),
        line(PERFECT, ASIDE, ".|.", "0|.", "0|0", "0|0"),
    ]
    result = found(tmp_path, {"s": PERFECT}, lines, [EXACT])
    [site] = result.sites[0]
    assert summary(site) == ("lost", 1, 2, 1)
    [finding] = [one for one in result.findings if one.rule == "population.not_called"]
    assert (finding.status, finding.value) == (Status.CAUTION, "6 copies, added up over 1 places")
    assert "not called, or not usable, 6 times at 1 of 1 places" in result.statement


def test_a_site_nobody_with_a_known_copy_carries_is_not_listed(tmp_path):
    lines = [line(PERFECT, BREAK, "0|1", "0|0"), line(PERFECT, ASIDE, "0|.", "0|1")]
    assert sites(tmp_path, PERFECT, lines) == ()


def test_one_copy_of_a_man_counts_once(tmp_path):
    [site] = sites(tmp_path, PERFECT, [line(PERFECT, BREAK, "1", "0", "0|1", "0|0")])
    assert summary(site) == ("lost", 2, 6, 2)


def test_haploid_people_are_not_called_missing(tmp_path):
    result = found(tmp_path, {"s": PERFECT}, [line(PERFECT, BREAK, "1", "0")], [EXACT])
    assert "not called" not in result.statement


def test_one_lone_heterozygous_allele_needs_no_phase(tmp_path):
    [site] = sites(tmp_path, PERFECT, [line(PERFECT, BREAK, "0/1", "0/0", "1/1")])
    assert summary(site) == ("lost", 3, 6, 2)
    lines = [line(PERFECT, BREAK, "0/1", "0/0", "1/1"), line(PERFECT, ASIDE, "1/1", "0/1", "0/1")]
    [site] = sites(tmp_path, PERFECT, lines)
    assert summary(site) == ("lost", 3, 6, 2)


def test_two_unphased_alleles_leave_a_person_uncounted(tmp_path):
    lines = [line(PAMLESS, FIRST, "0/1", "0|1", "0|1"), line(PAMLESS, SECOND, "0/1", "0/1", "0|1")]
    result = found(tmp_path, {"s": PAMLESS}, lines, [EXACT])
    [site] = result.sites[0]
    assert summary(site) == ("gained", 1, 2, 1)
    assert "Where phase is unknown a person was not counted, 2 times at 1 of 1 places." in result.statement
    [finding] = [one for one in result.findings if one.rule == "population.phase"]
    assert finding.status is Status.CAUTION


@pytest.mark.parametrize(("other_set", "summed"), [("7", [("gained", 1, 2, 1)]), ("8", [])])
def test_phase_holds_within_a_phase_set(tmp_path, other_set, summed):
    lines = [
        line(PAMLESS, FIRST, "0|1:7", fmt="GT:PS"),
        line(PAMLESS, SECOND, f"0|1:{other_set}", fmt="GT:PS"),
    ]
    assert [summary(site) for site in sites(tmp_path, PAMLESS, lines)] == summed


def test_alleles_that_exclude_each_other_leave_the_copy_unknown(tmp_path):
    deletion, inside = Variant("s", PAM, "AGGA", ""), snv(PERFECT, PAM + 1, "T")
    lines = [line(PERFECT, deletion, "0|1", "0|1"), line(PERFECT, inside, "0|1", "1|0")]
    result = found(tmp_path, {"s": PERFECT}, lines, [EXACT])
    assert sorted((site.site.variants, summary(site)) for site in result.sites[0]) == [
        ((deletion,), ("lost", 1, 3, 1)),
        ((inside,), ("lost", 1, 3, 1)),
    ]
    assert "1 of these had alleles that exclude each other" in result.statement


@pytest.mark.parametrize(("at", "rows"), [(0, 1), (6, 0)])
def test_an_indel_that_moved_over_another_change_leaves_the_copy_unknown(tmp_path, at, rows):
    """CATACACA without its last CA is not CATACACA without its first."""
    text = LEFT + "CACACACA" + GUIDE + "AGG" + RIGHT
    indel = Variant("s", len(LEFT) + at, "CA", "")
    inside = snv(text, len(LEFT) + 2, "T")
    breaks = snv(text, len(LEFT) + 13, "T")
    lines = [line(text, one, cell) for one, cell in ((indel, "0|1"), (inside, "0|1"), (breaks, "0|1"))]
    result = found(tmp_path, {"s": text}, lines, [EXACT])
    if at:
        assert result.sites == ((),)
        assert "1 of these had alleles that exclude each other" in result.statement
    else:
        [site] = result.sites[0]
        assert summary(site) == ("lost", 1, 2, 1)


def test_structural_alleles_are_not_taken_for_the_reference(tmp_path):
    symbolic = f"s\t{PAM - 2}\t.\t{PERFECT[PAM - 3]}\t<DEL>\t.\tPASS\tEND={PAM + 2}\tGT\t0|1\t0|0"
    result = found(tmp_path, {"s": PERFECT}, [symbolic, line(PERFECT, BREAK, "1|0", "0|0")], [EXACT])
    [site] = result.sites[0]
    assert summary(site) == ("lost", 1, 3, 1)
    assert "1 symbolic or structural alleles were not searched." in result.statement


# --- populations ---------------------------------------------------------------------------------------------


def test_the_worst_population_comes_first_then_the_unlabelled_then_all(tmp_path):
    people = {"P0": "rare", "P1": "often", "P2": "never", "P3": "often", "P9": "often", "P8": "gone"}
    lines = [line(PERFECT, BREAK, "0|0", "1|1", "0|0", "0|1", "0|1")]
    result = found(tmp_path, {"s": PERFECT}, lines, [EXACT], people)
    [site] = result.sites[0]
    assert site.counts == (
        HaplotypeCount("often", 3, 4, 0.75),
        HaplotypeCount("never", 0, 2, 0.0),
        HaplotypeCount("rare", 0, 2, 0.0),
        HaplotypeCount("unlabelled", 1, 2, 0.5),
        HaplotypeCount("all", 4, 10, 0.4),
    )
    assert site.people == 3
    assert "People by population: never 1, often 2, rare 1; unlabelled 1." in result.statement
    assert "2 of the table's people are not in the panel." in result.statement
    [finding] = [one for one in result.findings if one.rule == "population.labels"]
    assert finding.value == "1 of 5 unlabelled; 2 labels without a sample"


def test_a_population_nobody_of_which_was_called_has_no_frequency(tmp_path):
    lines = [line(PERFECT, BREAK, "0|1", ".|.")]
    [site] = sites(tmp_path, PERFECT, lines, populations={"P0": "A", "P1": "B"})
    assert site.counts == (
        HaplotypeCount("A", 1, 2, 0.5),
        HaplotypeCount("B", 0, 0, None),
        HaplotypeCount("all", 1, 2, 0.5),
    )


def test_without_a_table_everybody_is_unlabelled(tmp_path):
    result = found(tmp_path, {"s": PERFECT}, [line(PERFECT, BREAK, "0|1")], [EXACT])
    assert [count.population for count in result.sites[0][0].counts] == ["unlabelled", "all"]
    assert {one.rule: one.status for one in result.findings}["population.labels"] is Status.UNKNOWN


def test_the_most_frequent_site_comes_first(tmp_path):
    text = PERFECT + PERFECT
    rare, common = snv(text, PAM + 1, "T"), snv(text, len(PERFECT) + PAM + 1, "T")
    lines = [line(text, rare, "0|1", "0|0"), line(text, common, "0|1", "1|1")]
    assert [site.site.variants[0] for site in sites(tmp_path, text, lines)] == [common, rare]


# --- sites-only files, targets, bad inputs -------------------------------------------------------------------


def test_a_list_of_sites_is_taken_allele_by_allele(tmp_path):
    lines = [
        line(PERFECT, BREAK, info="AC=3;AN=200;AC_afr=3;AN_afr=20;AC_eas=0;AN_eas=30"),
        line(PERFECT, snv(PERFECT, PAM + 2, "A"), info="AF=0.25"),
        line(PERFECT, snv(PERFECT, len(LEFT) + 3, "T")),
    ]
    rows = sites(tmp_path, PERFECT, lines)
    assert [row.counts for row in rows] == [
        (HaplotypeCount("all", 0, 0, 0.25),),
        (
            HaplotypeCount("afr", 3, 20, 0.15),
            HaplotypeCount("eas", 0, 30, 0.0),
            HaplotypeCount("all", 3, 200, 0.015),
        ),
        (HaplotypeCount("all", 0, 0, None),),
    ]
    assert {(row.people, row.is_phased) for row in rows} == {(None, False)}
    result = found(tmp_path, {"s": PERFECT}, lines, [EXACT])
    assert "each allele was taken alone (unphased)" in result.statement
    assert {one.rule: one.status for one in result.findings}["population.phase"] is Status.CAUTION


def test_alleles_of_a_list_are_not_combined(tmp_path):
    lines = [line(PAMLESS, FIRST, info="AF=0.5"), line(PAMLESS, SECOND, info="AF=0.5")]
    assert sites(tmp_path, PAMLESS, lines) == ()


def test_the_intended_target_is_no_off_target(tmp_path):
    request = OffTargetRequest(GUIDE, "NGG", limits=SearchLimits(1), target=Locus("s", 30, 50))
    lines = [line(PERFECT, BREAK, "0|1"), line(PERFECT, snv(PERFECT, len(LEFT) + 3, "T"), "1|0")]
    result = found(tmp_path, {"s": PERFECT}, lines, [request])
    assert result.sites == ((),)
    assert sum(count for _, count in result.site_tallies[0].refused) == 2


def test_neighbours_across_a_gap_in_the_reference_are_searched_apart(tmp_path):
    """Two windows that lie closer than a site is long."""
    texts = {f"s:1-{len(PERFECT)}": PERFECT, f"s:{len(PERFECT) + 6}-{2 * len(PERFECT) + 5}": PERFECT}
    shift = len(PERFECT) + 5
    last = snv(PERFECT, len(PERFECT) - 2, "A")
    first = Variant("s", shift + 2, PERFECT[2], "A")
    breaks = Variant("s", shift + PAM + 1, "G", "T")
    rows = [(last, "0|1"), (first, "1|0"), (breaks, "0|1")]
    lines = [
        "\t".join(["s", str(v.start + 1), ".", v.ref, v.alt, ".", ".", ".", "GT", genotype])
        for v, genotype in rows
    ]
    result = found(tmp_path, texts, lines, [EXACT])
    [site] = result.sites[0]
    assert (summary(site), site.site.variants) == (("lost", 1, 2, 1), (breaks,))


def test_several_guides_answer_in_their_order(tmp_path):
    lines = [line(PERFECT, BREAK, "0|1")]
    nothing = OffTargetRequest("GGGGGGGGGGCCCCCCCCCC", "NGG")
    result = found(tmp_path, {"s": PERFECT}, lines, [nothing, EXACT, NEAR])
    assert [len(rows) for rows in result.sites] == [0, 1, 1]
    assert result.sites[2][0].guide == "guide 2"
    assert result.sites[1][0].site.origin is SiteOrigin.LOST


def test_no_guides_and_bad_guides(tmp_path):
    lines = [line(PERFECT, BREAK, "0|1")]
    assert found(tmp_path, {"s": PERFECT}, lines, []).sites == ()
    with pytest.raises(ProblemsError):
        found(tmp_path, {"s": PERFECT}, lines, [OffTargetRequest("XX", "NGG")])
    path = write_panel(tmp_path, lines, 1)
    with pytest.raises(ValueError, match="2 names for 1 guides"):
        population_sites(["a", "b"], [EXACT], Reference.from_sequences({"s": PERFECT}), path)


def test_a_panel_that_is_not_sorted_gives_nothing(tmp_path):
    path = write_panel(tmp_path, [line(PERFECT, BREAK, "0|1")], 1)
    path.write_text(path.read_text() + line(PERFECT, snv(PERFECT, 3, "G"), "0|1") + "\n")
    with pytest.raises(InputError) as caught:
        population_sites(["g"], [EXACT], Reference.from_sequences({"s": PERFECT}), path)
    assert caught.value.code == "unsorted-vcf"


def test_progress_runs_from_start_to_end(tmp_path):
    steps = []
    lines = [line(PERFECT, BREAK, "0|1")]
    found(
        tmp_path, {"s": PERFECT}, lines, [EXACT], progress=lambda stage, share: steps.append((stage, share))
    )
    assert steps[-1] == ("reading the panel", 1.0)
