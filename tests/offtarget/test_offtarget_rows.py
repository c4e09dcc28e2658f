"""Rows of sites: the compiled formatter writes what its twin writes, and both what the search says."""

from __future__ import annotations

import csv
import io

import pytest
from test_offtarget_streaming import _case

from revertant.errors import InputError, UsageError
from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.model import Call, OffTargetRequest, SearchLimits, Strand, Transcript, Variant
from revertant.offtarget import search
from revertant.offtarget.nominate import NominationOptions, nominate
from revertant.offtarget.scoring.tiers import tier_of_site
from revertant.offtarget.stream.row_files import row_file
from revertant.offtarget.stream.rows import COLUMNS, RowWriter
from revertant.offtarget.stream.streaming import SiteStream


def _text(writer: RowWriter, stream: SiteStream) -> str:
    return "".join(bytes(rows).decode() for block in stream.blocks() for rows in writer.rows(block))


@pytest.mark.parametrize("seed", range(8))
def test_compiled_rows_are_those_of_the_twin_and_of_the_search(seed):
    requests, reference, calls, models = _case(seed)
    genome = PatientGenome(reference, calls if seed % 2 else ())
    names = [f"guide {number}" for number in range(len(requests))]
    lists = [("cancer gene", frozenset({"G"})), ("essential gene", frozenset({"H"}))]
    args = names, requests, reference.windows, models if seed % 4 < 2 else None, lists
    slow = _text(RowWriter(*args), SiteStream(requests, genome))
    fast = _text(RowWriter(*args, is_compiled=True), SiteStream(requests, genome))
    assert fast == slow
    rows = list(csv.DictReader(io.StringIO("\t".join(COLUMNS) + "\n" + slow), delimiter="\t"))
    found = sorted(
        (
            name, site.locus.contig, str(site.locus.start + 1), str(site.locus.end), str(site.locus.strand),
            site.pam, site.aligned_spacer, site.aligned_target, site.origin, ",".join(site.haplotypes),
            ",".join(map(str, site.variants)), "" if site.cfd is None else f"{site.cfd:.3f}",
            site.region or "", str(tier_of_site(site).number),
        )
        for name, report in zip(names, search(requests, genome, models=args[3]), strict=True)
        for site in report.sites
    )  # fmt: skip
    written = sorted(
        (
            row["guide"], row["contig"], row["start_1based"], row["end_1based"], row["strand"], row["pam"],
            row["aligned_spacer"], row["aligned_dna"], row["origin"], row["haplotypes"], row["variants"],
            row["cfd"] and f"{float(row['cfd']):.3f}", row["region"],
            row["tier"],
        )
        for row in rows
    )  # fmt: skip
    assert [row[:11] + row[12:] for row in written] == [row[:11] + row[12:] for row in found]
    for row, site in zip(written, found, strict=True):
        assert row[11] == site[11] == "" or abs(float(row[11]) - float(site[11])) < 2e-3


def test_a_spreadsheet_runs_no_name():
    """Names of guides, contigs and genes come from files of others; both formatters write them as text."""
    spacer = "CTAACAGTTGCTTTTATCAC"
    text = "ACTG" * 10 + spacer + "AGG" + "ACTG" * 10
    reference = Reference.from_sequences({"=c": text, "@d": text})
    models = GeneModels([Transcript("T.1", "=G", "=c", Strand.PLUS, ((0, 80),), (0, 78))])
    genome = PatientGenome(reference, [Call(Variant("=c", 45, text[45], "T"), (True, True))])
    request = OffTargetRequest(spacer, "NGG", limits=SearchLimits(2))
    args = ["-cmd|x"], [request], reference.windows, models
    slow = _text(RowWriter(*args), SiteStream([request], genome))
    assert _text(RowWriter(*args, is_compiled=True), SiteStream([request], genome)) == slow
    [one, two] = csv.DictReader(io.StringIO("\t".join(COLUMNS) + "\n" + slow), delimiter="\t")
    assert (one["guide"], one["contig"], one["genes"]) == ("'-cmd|x", "'=c", "'=G")
    assert one["variants"].startswith("'=c:46:")
    assert (two["contig"], two["variants"], two["strand"]) == ("'@d", "", "+")


def test_a_file_of_rows_appears_when_it_is_whole(tmp_path):
    place = tmp_path / "sites.tsv"
    with row_file(place, COLUMNS) as file:
        file.write(memoryview(b"row\n"))
        assert not place.exists()
    assert place.read_text() == "\t".join(COLUMNS) + "\nrow\n"
    with pytest.raises(ZeroDivisionError), row_file(place, COLUMNS) as file:
        file.write(memoryview(bytes(1 // 0)))
    assert place.read_text() == "\t".join(COLUMNS) + "\nrow\n"
    assert [path.name for path in tmp_path.iterdir()] == ["sites.tsv"]


def test_a_file_that_cannot_be_written_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot be written"), row_file(tmp_path / "no" / "a.tsv", COLUMNS):
        pass


def test_parquet_holds_the_same_columns(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    requests, reference, calls, models = _case(3)
    genome = PatientGenome(reference, calls)
    writer = RowWriter(["a", "b", "c"], requests, reference.windows, models)
    stream = SiteStream(requests, genome)
    with row_file(tmp_path / "sites.parquet", COLUMNS) as file:
        for block in stream.blocks():
            for rows in writer.rows(block):
                file.write(rows)
    table = parquet.read_table(tmp_path / "sites.parquet")
    assert table.column_names == list(COLUMNS)
    reports = search(requests, genome, models=models)
    assert table.num_rows == sum(len(report.sites) for report in reports)
    scores = [site.cfd for report in reports for site in report.sites if site.cfd is not None]
    assert sum(x for x in table["cfd"].to_pylist() if x is not None) == pytest.approx(sum(scores), abs=1e-2)


def test_parquet_without_its_library_is_refused_before_the_search(monkeypatch, tmp_path):
    monkeypatch.setattr("revertant.offtarget.stream.row_files.find_spec", lambda _: None)
    genome = PatientGenome(Reference.from_sequences({"chr1": "CCACGTACGTAGGTTTTACGTACGAGG"}))
    guide = OffTargetRequest("TACGTACG", "NGG", limits=SearchLimits(1))
    with pytest.raises(UsageError, match="pyarrow") as caught:
        nominate(["mine"], [guide], genome, options=NominationOptions(parquet=True), folder=tmp_path)
    assert (caught.value.code, list(tmp_path.iterdir())) == ("no-pyarrow", [])
