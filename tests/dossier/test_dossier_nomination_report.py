"""The page of a nomination: self-contained, escaped, honest about what was not searched, of bounded size."""

from __future__ import annotations

import re
from dataclasses import replace

import nomination_builder as build
import plan_builder
import pytest
from report_page import POISON, Page, check_nothing_is_loaded

from revertant.dossier import nomination_html
from revertant.dossier.drawing.counts import draw_counts
from revertant.dossier.drawing.offtargets import draw_contigs, draw_scores
from revertant.dossier.nomination.selection import (
    count_of,
    highest_cfd,
    nearest_first,
    nearest_site,
    personal_sites,
    worst_both_ways,
)
from revertant.dossier.nomination.views import nomination_view
from revertant.dossier.views.designs import alignment_html
from revertant.dossier.words import amount_text, limits_text, locus_text, score_text, variant_text
from revertant.model import Estimate, Locus, OffTargetSite, SearchLimits, SiteCount, SiteOrigin
from revertant.offtarget.scoring.tiers import TIER_MEANINGS, TIER_RULES, tier_of_site

NOMINATIONS = {
    "windows": build.windows_nomination,
    "bare": build.bare_nomination,
    "large": build.large_nomination,
    "library": lambda: build.large_nomination(guides=40, held=20),
}


@pytest.mark.parametrize("name", NOMINATIONS)
def test_page_is_well_formed_and_loads_nothing(name):
    text = nomination_html(NOMINATIONS[name]())
    page = Page(text)
    assert page.open == []
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    anchors = [attrs["href"][1:] for _, attrs in page.elements if attrs.get("href", "").startswith("#")]
    assert set(anchors) <= set(ids)
    check_nothing_is_loaded(text)


def test_main_facts_appear():
    nomination = build.windows_nomination()
    text = Page(nomination_html(nomination)).text
    gained = [site for _, site in personal_sites(nomination) if site.origin is SiteOrigin.GAINED]
    assert gained
    for words in (
        *nomination.names,
        nomination.coverage.statement,
        "Not searched: 3 records with symbolic alleles.",
        nomination.population_statement,
        nomination.panel.statement,
        *(locus_text(site.locus) for site in gained),
        *(variant_text(variant) for site in gained for variant in site.variants),
        *(name for report in nomination.reports for name, _ in report.aggregates),
        *(estimate.method for report in nomination.reports for _, estimate in report.aggregates),
        *(finding.because for finding in nomination.findings),
        *(amplicon.forward for amplicon in nomination.panel.amplicons),
        *(pair.kind for pair in nomination.pairs),
        *(digest.sha256 for digest in nomination.provenance.inputs),
        "no primers were found",
        "Human sign-off",
        "research use",
        "40 / 216 (19%)",
        "0.31%",
        nomination.nomination_id,
    ):
        assert words in text, words


def test_tiers_are_shown_and_explained_once():
    nomination = build.windows_nomination()
    text = nomination_html(nomination)
    words = Page(text).text
    for number, (rule, meaning) in enumerate(zip(TIER_RULES, TIER_MEANINGS, strict=True), start=1):
        assert words.count(meaning) == 1
        assert f"{number} {meaning} {rule}" in words
    heads = [re.findall(r"<th[^>]*>([^<]*)</th>", head) for head in re.findall(r"<thead>.*?</thead>", text)]
    assert (
        sum("Tier" in head for head in heads) == len(nomination.reports) + 2
    )  # and in the person, in whom else
    shown = re.findall(r'<td data-label="Tier"[^>]* data-sort="(\d)"><span class="level level-(\d)', text)
    assert shown
    assert all(sort == level for sort, level in shown)
    assert {int(level) for _, level in shown} == {
        tier_of_site(site).number for report in nomination.reports for site in report.sites
    }
    assert '<span class="flag">coding</span> <span class="flag">essential gene</span>' in text
    assert "A4 and A6 editable" in words
    assert "Not checked: the reference is too large." in words


def test_the_sites_of_each_tier_are_counted():
    nomination = build.large_nomination()
    words = Page(nomination_html(nomination)).text
    for report in nomination.reports:
        counts = " ".join(f"{number} {count:,}" for number, count in enumerate(report.tier_counts, start=1))
        assert words.count(f"By tier {counts}") == 1
        assert words.count(f"Sites by tier: {counts}") == 1
    library = build.large_nomination(guides=40, held=20)
    text = nomination_html(library)
    assert text.count('data-label="Tiers 1–5"') == 40
    order = [
        float(value) for value in re.findall(r'data-label="Tiers 1–5" class="num" data-sort="([^"]+)"', text)
    ]
    assert order == pytest.approx(
        [r.tier_counts[0] + 1e-9 * r.tier_counts[1] for r in library.reports], abs=1e-12
    )
    uncounted = replace(nomination, reports=tuple(replace(r, tier_counts=()) for r in nomination.reports))
    assert " · ".join(f"{count:,}" for count in library.reports[39].tier_counts) in Page(text).text
    assert "By tier" not in Page(nomination_html(uncounted)).text


def test_a_lost_site_has_no_loud_tier():
    lost = site(cfd=None, origin=SiteOrigin.LOST, reference_cfd=0.9)
    nomination = build.large_nomination(guides=1)
    only = replace(nomination.reports[0], sites=(lost,), counts=())
    assert 'class="level level-1 gone"' in nomination_html(replace(nomination, reports=(only,)))


def test_a_search_of_windows_is_never_called_genome_wide():
    for name in ("windows", "bare"):
        text = Page(nomination_html(NOMINATIONS[name]())).text.lower()
        assert "not genome-wide" in text
        # What is left is the row of a table that answers "no".
        rest = text.replace("not genome-wide", "").replace("genome-wide no", "")
        assert "genome-wide" not in rest
    assert "Genome-wide: 3,088,269,832" in Page(nomination_html(build.large_nomination())).text


def test_what_was_not_searched_stands_before_the_guides():
    text = nomination_html(build.bare_nomination())
    assert text.index("own variants were searched") < text.index('id="guides"')
    words = Page(text).text
    assert "no personal genome was given" in words
    vcf = replace(build.bare_nomination(), provenance=build.provenance())
    assert "the VCF holds no variant in this sequence" in Page(nomination_html(vcf)).text
    assert "no panel was given" in words
    assert "No site within these limits in the sequence searched" in words
    assert 'id="person"' not in text
    assert 'id="population"' not in text


def test_a_panel_that_says_nothing_here_is_not_called_missing():
    said = "The panel p.vcf holds 7 people and nothing where the reference has sequence."
    nothing = replace(build.bare_nomination(), population=None, population_statement=said)
    words = Page(nomination_html(nothing)).text
    assert said in words
    assert "the panel holds nothing in this sequence" in words
    assert "no panel was given" not in words
    assert "make, change and destroy no site" not in words


def test_hostile_names_stay_text():
    nomination = plan_builder.hostile(build.windows_nomination(), POISON)
    text = nomination_html(nomination)
    page = Page(text)
    assert page.open == []
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, attrs in page.elements for name in attrs if name.startswith("on")]
    assert "{{ 7*7 }}" in page.text
    assert "\u202e" not in text
    assert "\x00" not in text


def test_a_library_is_a_table_and_says_what_it_leaves_out():
    text = nomination_html(build.large_nomination(guides=40, held=20))
    words = Page(text).text
    assert "Shown: the first 12 of 40 guides" in words
    assert text.count('<article class="panel guide-panel"') == 12
    assert "guide-card" not in text.split("</style>")[1]
    assert words.count("guide-40") >= 1


def test_many_sites_are_capped_and_said():
    nomination = build.large_nomination(guides=2, held=1500)
    text = nomination_html(nomination)
    words = Page(text).text
    total = sum(count.sites for count in nomination.reports[0].counts)
    assert f"Listed: 500 of {total:,} sites" in words
    assert f"Drawn: 600 of {total:,} sites" in words
    assert len(text.encode()) < 2_500_000
    assert len(nomination_html(build.large_nomination(guides=300, held=20)).encode()) < 2_500_000


def test_counts_are_of_all_sites_not_of_those_held():
    report = build.large_nomination().reports[0]
    assert count_of(report) > len(report.present_sites)
    view = nomination_view(build.large_nomination())
    assert view.total == sum(map(count_of, build.large_nomination().reports))
    for guide in view.guides.shown:
        assert sum(guide.by_edits) == guide.present
    site = build.windows_nomination().reports[0].sites[0]
    only = replace(
        report,
        sites=(site,),
        counts=(
            SiteCount(SiteOrigin.GAINED, 2, 7),
            SiteCount(SiteOrigin.LOST, 0, 5),
            SiteCount(SiteOrigin.REFERENCE, 9, 1),
        ),
    )
    assert (count_of(only), count_of(only, SiteOrigin.LOST), count_of(only, edits=0)) == (8, 5, 0)


def test_gained_sites_that_are_not_held_are_counted():
    nomination = build.windows_nomination()
    report = replace(
        nomination.reports[1],
        counts=(SiteCount(SiteOrigin.GAINED, 4, 3), SiteCount(SiteOrigin.REFERENCE, 9, 31)),
    )
    text = Page(
        nomination_html(replace(nomination, reports=(nomination.reports[0], report, nomination.reports[2])))
    ).text
    assert "3 further sites of this kind stand in sites.tsv only." in text


def site(edits=1, cfd=None, **more):
    return OffTargetSite("ACGT", Locus("chr1", 10, 14), "AGG", "ACGT", "ACTT", edits, cfd=cfd, **more)


def test_an_undefined_score_is_not_taken_for_a_low_one():
    scored, unscored = site(cfd=0.9), site(cfd=None)
    far = site(edits=4, cfd=0.99)
    lost = site(edits=0, origin=SiteOrigin.LOST)
    assert nearest_first([lost, far, scored, unscored]) == (unscored, scored, far, lost)
    assert far in worst_both_ways([scored, unscored, *[site(2, 0.1)] * 5, far], 3)
    report = replace(build.large_nomination().reports[0], sites=(lost, far, unscored))
    assert nearest_site(report) == unscored
    assert highest_cfd(report) == far
    assert highest_cfd(replace(report, sites=(unscored,))) is None


def test_a_site_without_a_score_is_not_drawn_at_zero():
    drawn = draw_scores([site(cfd=None), site(cfd=0.5)])
    marks = re.findall(r'class="mark ([a-z ]+)" d="M([\d.]+) ([\d.]+)m', drawn)
    (open_y,) = [float(y) for kind, _, y in marks if "unscored" in kind]
    (zero,) = [float(y) for y in re.findall(r'class="grid" x1="62" y1="([\d.]+)"', drawn)[:1]]
    assert open_y > 152 >= zero
    assert "not defined" in nomination_html(build.windows_nomination())


def test_the_longest_contigs_are_drawn_in_their_order():
    nomination = build.large_nomination()
    report = nomination.reports[0]
    scaffolds = tuple((f"chr1_KI{number}v1_random", 0, 1000 + number) for number in range(160))
    many = replace(report, coverage=replace(report.coverage, windows=(*scaffolds, *report.coverage.windows)))
    drawn = re.findall(r'class="contig-label"[^>]*>([^<]+)<', draw_contigs(many, report.sites[:10]))
    assert len(drawn) == 26
    assert [name for name in drawn if "_" not in name] == [name for name, _ in build.GRCH38]
    assert "158 more contigs not drawn" in draw_contigs(many, ())


def test_bars_stand_for_counts():
    drawn = draw_counts([(0, 1), (2, 40), (4, 2000)])
    heights = [float(height) for height in re.findall(r'<rect[^>]* height="([\d.]+)"', drawn)]
    assert len(heights) == 3
    assert heights == sorted(heights)
    assert re.findall(r">([\d,]+)</text>", drawn) == ["1", "0", "0", "1", "40", "2", "0", "3", "2,000", "4"]
    assert draw_counts([(3, 0)]) == ""


@pytest.mark.parametrize(
    ("guide", "dna", "shown"),
    [
        ("ACGT", "ACTT", "··<b>T</b>·"),
        ("A-GT", "ACGT", "·<i>C</i>··"),
        ("ACGT", "A-GT", "·<i>-</i>··"),
        ("NRGT", "CAGT", "····"),
        ("NRGT", "CCGT", "·<b>C</b>··"),
        ("ACGT", "ARGT", "·<b>R</b>··"),
        ("AAGT", "ARGT", "·R··"),
        ("NAGT", "NAGT", "<b>N</b>···"),
    ],
)  # fmt: skip
def test_alignments_letter_by_letter(guide, dna, shown):
    drawn = str(alignment_html(replace(site(), aligned_spacer=guide, aligned_target=dna)))
    assert drawn.endswith(f"<span>{shown}</span></code>")


def test_scores_are_not_rounded_to_nothing():
    almost = Estimate(0.9998, "0 to 1", "m")
    assert (amount_text(almost), amount_text(replace(almost, value=1.0))) == (">0.999", "1")
    assert (score_text(1e-9), score_text(0.0), score_text(1.0)) == ("<0.001", "0.000", "1.000")


def test_a_single_perfect_match_alarms_only_beside_a_named_target():
    nomination = build.windows_nomination()
    perfect = (SiteCount(SiteOrigin.REFERENCE, 0, 1),)
    target = Locus("chr2", 100, 120)
    for named, copies, alarm in ((None, 1, False), (None, 2, True), (target, 1, True), (target, 0, False)):
        report = nomination.reports[1]
        counts = (replace(perfect[0], sites=copies),) if copies else (SiteCount(SiteOrigin.REFERENCE, 3, 1),)
        report = replace(report, request=replace(report.request, target=named), counts=counts)
        view = nomination_view(replace(nomination, names=("g",), reports=(report,)))
        assert view.guides.shown[0].alarm is alarm


def test_different_limits_are_said_on_each_card():
    nomination = build.windows_nomination()
    assert "Searched with up to 10 mismatches" in Page(nomination_html(nomination)).text
    first = nomination.reports[0]
    other = replace(first, request=replace(first.request, limits=SearchLimits(3)))
    text = Page(nomination_html(replace(nomination, reports=(other, *nomination.reports[1:])))).text
    assert "Searched with" not in text
    assert "up to 3 mismatches, 0 DNA bulges, 0 RNA bulges" in text


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (SearchLimits(4, 1, 1), "1 RNA bulge, 6 edits together"),
        (SearchLimits(4, 1, 1, total_edits=5), "1 RNA bulge, 5 edits together"),
        (SearchLimits(2, 1, 0, total_edits=9), "0 RNA bulges, 3 edits together"),
        (SearchLimits(4), "4 mismatches, 0 DNA bulges, 0 RNA bulges"),
    ],
)
def test_the_sum_of_the_limits_is_said(limits, words):
    assert limits_text(limits).endswith(words)
