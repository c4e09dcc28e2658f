"""The files of a nomination: all or nothing, true tables, a VCF that gives back the variants."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import nomination_builder as build
import plan_builder
import pysam
import pytest

from revertant.dossier import (
    NOMINATION_FILES,
    check_nomination_folder,
    columns_text,
    nomination_folder,
    write_dossier,
    write_nomination,
)
from revertant.dossier.nomination.tables import (
    AMPLICON_COLUMNS,
    BED_COLUMNS,
    NOMINATION_TABLES,
    PAIR_COLUMNS,
    POPULATION_COLUMNS,
)
from revertant.dossier.nomination.vcf import INFO_FIELDS, gained_vcf_text
from revertant.dossier.staging import staged, write_text
from revertant.errors import InputError, RevertantError, UsageError
from revertant.genome import Reference
from revertant.model import Region, SiteOrigin, Variant, plain
from revertant.model.offtarget import MOST_LISTED
from revertant.offtarget.scoring.tiers import tier_of_site
from revertant.offtarget.stream.rows import COLUMNS
from revertant.variant import normalise

NAMES = [name for name, _ in NOMINATION_FILES]
DOCS = Path(__file__).parents[2] / "docs"
HOSTILE = "a;b=c,d%e\tf\n=g ü<h>"


def write(nomination, folder, *, force=False, sites="guide\tcontig\n"):
    with nomination_folder(folder, force=force) as staging:
        write_text(staging / "sites.tsv", sites)
        return write_nomination(nomination, staging, build.reference())


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def table(folder, name):
    rows = [line.split("\t") for line in (folder / name).read_text(encoding="utf-8").splitlines()]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def touching(nomination):
    """Every variant that makes or changes a site."""
    return {
        variant
        for report in nomination.reports
        for site in report.sites
        if site.origin in {SiteOrigin.GAINED, SiteOrigin.CHANGED}
        for variant in site.variants
    }


def test_writes_what_was_asked_for_and_nothing_else(tmp_path):
    written = write(build.windows_nomination(), tmp_path / "all")
    assert list(written) == [name for name in NAMES if name != "sites.parquet"]
    assert sorted(contents(tmp_path / "all")) == sorted(written)
    assert not [name for name, data in contents(tmp_path / "all").items() if b"\r" in data]
    few = write(build.bare_nomination(), tmp_path / "few")
    assert list(few) == ["report.html", "sites.tsv", "sites.bed", "pairs.tsv", "nomination.json"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["all", "few"]


def test_two_runs_give_identical_bytes(tmp_path):
    for name in ("a", "b"):
        build.windows_nomination.cache_clear()
        write(build.windows_nomination(), tmp_path / name)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_force_leaves_no_half_of_the_earlier_run(tmp_path):
    write(build.windows_nomination(), tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="--force") as caught:
        write(build.bare_nomination(), tmp_path)
    assert caught.value.code == "output-exists"
    assert "gained.vcf" in contents(tmp_path)
    write(build.bare_nomination(), tmp_path, force=True)
    assert sorted(contents(tmp_path)) == [
        "nomination.json", "notes.txt", "pairs.tsv", "report.html", "sites.bed", "sites.tsv",
    ]  # fmt: skip


def test_a_plan_is_not_overwritten_by_a_nomination(tmp_path):
    write_dossier(plan_builder.empty_plan(), tmp_path)
    with pytest.raises(UsageError, match=r"report\.html"):
        check_nomination_folder(tmp_path)


def test_leftovers_of_writers_do_not_come_out(tmp_path):
    with staged(tmp_path / "new", ["a.txt"]) as staging:
        write_text(staging / "a.txt", "a")
        (staging / ".a.tmp").write_text("half")
        (staging / "parts").mkdir()
        (staging / "parts" / "1").write_text("x")
    assert list(contents(tmp_path / "new")) == ["a.txt"]


def test_of_two_runs_at_once_the_second_does_not_replace_the_first(tmp_path):
    def race(*, force):
        with staged(tmp_path / "out", ["a.txt"], force=force) as second:
            write_text(second / "a.txt", "second")
            with staged(tmp_path / "out", ["a.txt"], force=force) as first:
                write_text(first / "a.txt", "first")

    with pytest.raises(UsageError, match=r"already holds a\.txt"):
        race(force=False)
    assert contents(tmp_path / "out") == {"a.txt": b"first"}
    race(force=True)
    assert contents(tmp_path / "out") == {"a.txt": b"second"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, UsageError])
def test_a_search_that_fails_leaves_nothing(tmp_path, error):
    def fail():
        with nomination_folder(tmp_path / "out") as staging:
            (staging / "sites.tsv").write_text("half")
            raise error("stopped")

    with pytest.raises(error):
        fail()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("code", "words"), [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written")]
)
def test_a_disk_that_fills_while_searching_is_said(tmp_path, code, words):
    folder = tmp_path / "out"
    write(build.bare_nomination(), folder)
    before = contents(folder)

    def fill():
        with nomination_folder(folder, force=True) as staging:
            (staging / "sites.tsv").write_text("half")
            raise OSError(code, os.strerror(code))

    with pytest.raises(RevertantError, match=words) as caught:
        fill()
    assert caught.value.remedy
    assert "Nothing was changed" in caught.value.what
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_writer_that_names_the_hidden_folder_is_put_right(tmp_path):
    def fill():
        with nomination_folder(tmp_path / "out") as staging:
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise InputError("The sites cannot be written.", where=str(staging / "sites.tsv")) from full

    with pytest.raises(UsageError, match="disk is full") as caught:
        fill()
    assert caught.value.where == str(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_read_is_not_called_a_folder_that_cannot_be_written(tmp_path):
    with pytest.raises(FileNotFoundError), nomination_folder(tmp_path / "out"):
        (tmp_path / "elsewhere" / "panel.vcf").read_text()


def test_a_killed_run_leaves_nothing_under_a_final_name(tmp_path):
    code = (
        "import sys, time\nfrom revertant.dossier.staging import staged, write_text\n"
        "with staged(sys.argv[1], ['a.txt', 'b.txt']) as hidden:\n"
        "    write_text(hidden / 'a.txt', 'a' * 100000)\n    print('half', flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "out")], stdout=subprocess.PIPE
    ) as running:
        running.stdout.readline()
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
    assert not (tmp_path / "out").exists()
    with staged(tmp_path / "out", ["a.txt", "b.txt"]) as hidden:
        write_text(hidden / "a.txt", "whole")
    assert contents(tmp_path / "out") == {"a.txt": b"whole"}


@pytest.mark.parametrize("failing", range(1, 17))
def test_a_failing_rename_puts_everything_back(tmp_path, monkeypatch, failing):
    folder = tmp_path / "out"
    write(build.windows_nomination(), folder)
    before = contents(folder)
    rename, calls = Path.rename, []

    def broken(self, target):
        calls.append(self)
        if len(calls) == failing:
            raise OSError(errno.EIO, "broken")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", broken)
    if failing > 13:  # 8 old files move out, 5 new ones move in
        write(build.bare_nomination(), folder, force=True)
        return
    with pytest.raises(UsageError, match="Nothing was changed"):
        write(build.bare_nomination(), folder, force=True)
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_tables_agree_with_the_nomination(tmp_path):
    nomination = build.windows_nomination()
    write(nomination, tmp_path)
    populations = table(tmp_path, "populations.tsv")
    assert len(populations) == sum(len(found.counts) for found in nomination.population)
    assert list(populations[0]) == [column.name for column in POPULATION_COLUMNS]
    first = nomination.population[0]
    assert (populations[0]["population"], populations[0]["carrying"], populations[0]["called"]) == (
        "YRI",
        "40",
        "216",
    )
    assert int(populations[0]["start_1based"]) == first.site.locus.start + 1
    assert populations[-1]["is_phased"] == "no"
    assert populations[-1]["people"] == ""
    pairs = table(tmp_path, "pairs.tsv")
    assert [row["rank"] for row in pairs] == [str(n + 1) for n in range(len(nomination.pairs))]
    assert list(pairs[0]) == [column.name for column in PAIR_COLUMNS]
    assert {row["on_target"] for row in pairs} == {"yes"}
    amplicons = table(tmp_path, "amplicons.tsv")
    assert list(amplicons[0]) == [column.name for column in AMPLICON_COLUMNS]
    assert amplicons[0]["forward"] == nomination.panel.amplicons[0].forward
    without = [row for row in amplicons if row["problem"]]
    assert without
    assert {row["forward"] for row in without} == {""}
    assert len({row["name"] for row in amplicons}) == len(amplicons)
    for row, amplicon in zip(amplicons, nomination.panel.amplicons, strict=True):
        assert row["specificity"] == amplicon.specificity
        assert row["tiers"] == ";".join(str(tier_of_site(site).number) for site in amplicon.sites)


def test_tables_say_how_much_a_site_matters(tmp_path):
    nomination = build.windows_nomination()
    write(nomination, tmp_path)
    sites = [found.site for found in nomination.population for _ in found.counts]
    rows = table(tmp_path, "populations.tsv")
    assert {site.region for site in sites} == {Region.CDS, Region.INTRON}
    for row, site in zip(rows, sites, strict=True):
        assert row["tier"] == str(tier_of_site(site).number)
        assert (row["region"], row["gene_lists"]) == (site.region.value, ",".join(site.gene_lists))
        assert row["edit_effect"] == site.edit_effect
    names = [name for name, _ in BED_COLUMNS]
    bed = [
        dict(zip(names, line.split("\t"), strict=True))
        for line in (tmp_path / "sites.bed").read_text().splitlines()
    ]
    present = [site for report in nomination.reports for site in report.present_sites]
    expected = sorted(
        (
            site.locus.contig, site.locus.start, site.locus.end, str(tier_of_site(site).number),
            ",".join(tier_of_site(site).marks).replace(" ", "_") or ".",
            site.edit_effect.replace(" ", "_") or ".",
        )
        for site in present
    )  # fmt: skip
    assert expected == sorted(
        (row["chrom"], int(row["chromStart"]), int(row["chromEnd"]), *(row[name] for name in names[-3:]))
        for row in bed
    )
    assert {row["marks"] for row in bed} == {".", "coding,essential_gene"}
    assert {row["edit_effect"] for row in bed} == {".", "A4_and_A6_editable"}


def test_json_holds_the_persons_own_sites_and_the_worst(tmp_path):
    nomination = build.large_nomination()
    write(nomination, tmp_path)
    text = (tmp_path / "nomination.json").read_text(encoding="utf-8")
    written = json.loads(text)
    assert text.count("\n") == 1
    for found, report in zip(written["reports"], nomination.reports, strict=True):
        personal = [plain(site) for site in report.sites if site.origin is not SiteOrigin.REFERENCE]
        assert found["personal_sites"] == personal
        assert len(personal) > 10
        assert len(found["worst_sites"]) == MOST_LISTED < len(report.sites)
        assert found["worst_sites"] == [plain(site) for site in report.worst_sites]
        assert found["tier_counts"] == list(report.tier_counts)
        assert sum(found["tier_counts"]) == report.present_count
        assert "sites" not in found


def test_bed_holds_the_sites_the_person_has(tmp_path):
    nomination = build.windows_nomination()
    write(nomination, tmp_path)
    rows = [line.split("\t") for line in (tmp_path / "sites.bed").read_text().splitlines()]
    assert {len(row) for row in rows} == {len(BED_COLUMNS)}
    sites = [site for report in nomination.reports for site in report.present_sites]
    assert sorted((row[0], int(row[1]), int(row[2]), row[5]) for row in rows) == sorted(
        (site.locus.contig, site.locus.start, site.locus.end, site.locus.strand.value) for site in sites
    )
    assert {row[10] for row in rows if row[3].startswith("HBB_NRCH")} == {"."}
    assert {row[9] for row in rows} == {"reference", "gained", "changed"}
    places = [(row[0], int(row[1])) for row in rows]
    assert places == sorted(places)


def read_back(path):
    """Read a VCF as htslib does, and fail where it warns."""
    with pysam.VariantFile(str(path)) as file:
        header = file.header
        return header, [
            (record.contig, record.pos, record.ref, record.alts, dict(record.info)) for record in file
        ]


def test_vcf_gives_back_every_variant(tmp_path, capfd):
    nomination = build.windows_nomination()
    write(nomination, tmp_path)
    header, records = read_back(tmp_path / "gained.vcf")
    assert capfd.readouterr() == ("", "")
    assert header.version == "VCFv4.3"
    assert list(header.contigs) == list(build.reference().contigs)
    reference = build.reference()
    found = {
        normalise(Variant(contig, position - 1, ref, alts[0]), reference)
        for contig, position, ref, alts, _ in records
    }
    assert found == {normalise(variant, reference) for variant in touching(nomination)}
    assert len(records) == len(touching(nomination))
    for contig, position, ref, alts, _ in records:
        assert reference.fetch(contig, position - 1, position - 1 + len(ref)) == ref
        assert len(alts) == 1
    assert any(len(ref) > len(alts[0]) for _, _, ref, alts, _ in records)
    places = [record[:2] for record in records]
    assert places == sorted(places, key=lambda place: (list(header.contigs).index(place[0]), place[1]))


def test_vcf_lists_the_sites_of_each_variant(tmp_path):
    nomination = build.windows_nomination()
    write(nomination, tmp_path)
    _, records = read_back(tmp_path / "gained.vcf")
    rows = set()
    for _, _, _, _, info in records:
        assert {len(values) for values in info.values()} == {len(info["SITE"])}
        for guide, place, origin, edits, score in zip(
            *(info[key] for key in ("GUIDE", "SITE", "ORIGIN", "EDITS", "CFD")), strict=True
        ):
            rows.add(
                (unquote(guide), unquote(place), origin, edits, None if score is None else round(score, 6))
            )
    expected = {
        (
            name,
            str(site.locus),
            site.origin.value,
            site.edits,
            None if site.cfd is None else round(site.cfd, 6),
        )
        for name, report in zip(nomination.names, nomination.reports, strict=True)
        for site in report.sites
        if site.origin in {SiteOrigin.GAINED, SiteOrigin.CHANGED}
    }
    assert {row[:4] for row in rows} == {row[:4] for row in expected}
    tiers = {
        str(site.locus): tier_of_site(site)
        for report in nomination.reports
        for site in report.personal_sites
        if site.origin is not SiteOrigin.LOST
    }
    for _, _, _, _, info in records:
        for place, number, marks in zip(info["SITE"], info["TIER"], info["MARKS"], strict=True):
            tier = tiers[unquote(place)]
            shown = "" if marks in {None, "."} else marks
            assert (number, tuple(map(unquote, filter(None, shown.split("&"))))) == (tier.number, tier.marks)
    for row in rows:
        (like,) = {other[4] for other in expected if other[:4] == row[:4]}
        assert row[4] == pytest.approx(like, abs=1e-6) if like is not None else row[4] is None


@pytest.mark.parametrize(
    ("variant", "record"),
    [
        (Variant("c", 3, "T", "A"), (4, "T", "A")),
        (Variant("c", 3, "TA", "GG"), (4, "TA", "GG")),
        (Variant("c", 3, "", "GG"), (3, "G", "GGG")),
        (Variant("c", 3, "TA", ""), (3, "GTA", "G")),
        (Variant("c", 0, "", "GG"), (1, "A", "GGA")),
        (Variant("c", 0, "AC", ""), (1, "ACG", "G")),
        (Variant("w", 100, "", "T"), (101, "C", "TC")),
        (Variant("w", 100, "C", ""), (101, "CC", "C")),
        (Variant("w", 104, "", "T"), (104, "C", "CT")),
    ],
)
def test_an_empty_allele_gets_the_base_beside_it(tmp_path, capfd, variant, record):
    reference = Reference.from_sequences({"c": "ACGTACGT", "w:101-104": "CCCC"})
    nomination = build.windows_nomination()
    site = replace(nomination.reports[0].sites[0], origin=SiteOrigin.GAINED, variants=(variant,), cfd=None)
    alone = replace(nomination, reports=(replace(nomination.reports[0], sites=(site,)),), names=("g",))
    path = tmp_path / "one.vcf"
    path.write_text(gained_vcf_text(alone, reference))
    _, [(contig, position, ref, alts, info)] = read_back(path)
    assert (contig, position, ref, alts[0]) == (variant.contig, *record)
    assert info["CFD"] == (None,)
    assert capfd.readouterr() == ("", "")


def test_hostile_names_keep_the_shape_of_every_file(tmp_path, capfd):
    nomination = replace(build.windows_nomination(), names=build.names(HOSTILE))
    write(nomination, tmp_path)
    _, records = read_back(tmp_path / "gained.vcf")
    assert capfd.readouterr() == ("", "")
    guides = {unquote(guide) for record in records for guide in record[4]["GUIDE"]}
    assert guides <= set(nomination.names)
    rows = (tmp_path / "sites.bed").read_text(encoding="utf-8").splitlines()
    assert {len(row.split("\t")) for row in rows} == {len(BED_COLUMNS)}
    assert json.loads((tmp_path / "nomination.json").read_text(encoding="utf-8"))["names"] == list(
        nomination.names
    )


def test_a_contig_vcf_cannot_name_is_counted(tmp_path):
    reference = Reference.from_sequences({"c": "ACGT", "a,b": "ACGT"})
    nomination = build.windows_nomination()
    site = replace(
        nomination.reports[0].sites[0],
        origin=SiteOrigin.GAINED,
        variants=(Variant("c", 1, "C", "A"), Variant("a,b", 1, "C", "A")),
    )
    text = gained_vcf_text(
        replace(nomination, reports=(replace(nomination.reports[0], sites=(site,)),), names=("g",)), reference
    )
    assert "##revertantNotWritten=1 variants" in text
    assert [line.split("\t")[0] for line in text.splitlines() if not line.startswith("#")] == ["c"]


def test_every_column_is_documented():
    page = (DOCS / "reference" / "nomination_files.md").read_text(encoding="utf-8")
    assert columns_text(NOMINATION_TABLES) in page
    for name, meaning in BED_COLUMNS:
        assert f"| `{name}` | {meaning} |" in page
    sites = page[page.index("## sites.tsv") : page.index("## sites.bed")]
    assert re.findall(r"^\| `(\w+)` \|", sites, re.MULTILINE) == list(COLUMNS)
    for name, _, meaning in INFO_FIELDS:
        assert f"| `{name}` | {meaning}. |" in page
    for name, meaning in NOMINATION_FILES:
        assert f"| `{name}` | {meaning} |" in page
