"""A panel read as a stream: what becomes of each kind of record, genotype and neighbour; real files."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pysam
import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import PatientGenome, Reference
from revertant.model import Call, HaplotypeCount, Locus, Status
from revertant.offtarget.person.delta import clusters_of
from revertant.variant import panel_runs
from revertant.variant.panel import PanelReader
from revertant.variant.panel_genotypes import read_row
from revertant.variant.panel_info import counts_of_alleles

# No base repeats within three, so that indels do not move.
BASES = "ACGTGCATGACTCAGTCGATCTGACGTACTGCATGCTAGTCAGACTGCA" * 4
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"
REACH = 10


def reference(bases: str = BASES) -> Reference:
    return Reference.from_sequences({f"chr1:1001-{1000 + len(bases)}": bases})


def at(position: int, size: int = 1) -> str:
    return BASES[position - 1001 : position - 1001 + size]


def other(position: int) -> str:
    return "ACGT"["ACGT".index(at(position)) - 1]


def record(position: int, alt: str, *genotypes: str, **more: str) -> str:
    given = {"chrom": "chr1", "ref": at(position), "filter": "PASS", "format": "GT", "info": "."} | more
    fixed = [given["chrom"], str(position), ".", given["ref"], alt, ".", given["filter"], given["info"]]
    return "\t".join([*fixed, given["format"], *genotypes] if genotypes else fixed)


def written(folder: Path, *records: str, people: int | None = None, head: str = "") -> Path:
    count = len(records[0].split("\t")) - 9 if people is None else people
    samples = "".join(f"\tP{number}" for number in range(count))
    columns = COLUMNS + (f"\tFORMAT{samples}" if count > 0 else "")
    path = folder / "panel.vcf"
    path.write_text("\n".join(["##fileformat=VCFv4.3", *filter(None, [head]), columns, *records, ""]))
    return path


def read(folder: Path, *records: str, reach: int = REACH, **options: object):
    reader = PanelReader(written(folder, *records), reference(), **options)  # type: ignore[arg-type]
    runs = list(reader.runs(reach))
    return runs, reader.account


def snv(position: int, *genotypes: str, **more: str) -> str:
    return record(position, other(position), *genotypes, **more)


# --- genotypes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("genotypes", "copies"),
    [
        (("0|1", "1|1"), [0, 1, 1, 1]),
        (("0/1", "./."), [0, 1, -1, -1]),
        ((".|1", "0|."), [-1, 1, 0, -1]),
        (("1", "0|1"), [1, -2, 0, 1]),
        ((".", "0|1"), [-1, -1, 0, 1]),
        (("0|1|1", "0|1"), [-1, -1, 0, 1]),
        (("zebra", "0|1"), [-1, -1, 0, 1]),
        (("|0|1", "0|1"), [0, 1, 0, 1]),
    ],
)
def test_copies_of_one_allele(tmp_path, genotypes, copies):
    [run], account = read(tmp_path, snv(1050, *genotypes))
    assert run.genotypes[:, 0].tolist() == copies
    assert account.tally.kept == account.tally.read == 1


def test_genotypes_that_cannot_be_read_are_counted(tmp_path):
    _, account = read(tmp_path, snv(1050, "0|1|1", "zebra", "0|1"))
    assert dict(account.not_used) == {"genotype: malformed genotype": 1, "genotype: more than two copies": 1}


def test_alleles_of_one_record_get_columns_of_their_own(tmp_path):
    alts = ",".join(sorted(set("ACGT") - {at(1050)}))
    [run], account = read(tmp_path, record(1050, alts, "1|2", "0|3", "2/2"))
    assert [variant.alt for variant in run.variants] == alts.split(",")
    assert run.genotypes.T.tolist() == [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 1, 1], [0, 0, 0, 1, 0, 0]]
    assert account.alleles == 3


cells = st.sampled_from(["0|0", "0|1", "1|0", "1|1", "0/1", "./.", ".|1", "2|1", "3/0"])


@given(st.lists(cells, min_size=1, max_size=40))
def test_the_even_row_reads_as_the_uneven_one(row):
    """One array, and text by text."""
    fast, _ = read_row("\t".join(row), len(row), ["GT"], {})
    slow, _ = read_row("\t".join(f"{cell}:7" for cell in row), len(row), ["GT", "DP"], {})
    assert fast.alleles.tolist() == slow.alleles.tolist()
    assert fast.phases.tolist() == slow.phases.tolist()


def test_a_row_as_wide_as_an_even_one_is_read_cell_by_cell():
    """Eleven characters like three cells of three, but with cells of one, five and three."""
    row, _ = read_row("1\t0|1:2\t0|0", 3, ["GT", "DP"], {})
    assert row.alleles.tolist() == [[1, -2], [0, 1], [0, 0]]
    row, _ = read_row("1\t10|1\t0|0", 3, ["GT"], {})
    assert row.alleles.tolist() == [[1, -2], [10, 1], [0, 0]]


# --- neighbours ----------------------------------------------------------------------------------------------


def test_neighbours_share_a_run_and_others_do_not(tmp_path):
    runs, _ = read(tmp_path, *(snv(position, "0|1") for position in (1020, 1031, 1044, 1100)))
    assert [[variant.start + 1 for variant in run.variants] for run in runs] == [[1020, 1031], [1044], [1100]]
    assert (runs[0].core.start, runs[0].core.end) == (1018, 1032)


def test_the_chain_is_that_of_one_person(tmp_path):
    """Runs break where the clusters of a person who carries everything break."""
    rng = random.Random(4)
    positions = sorted(rng.sample(range(1003, 1180), 25))
    records = [record(p, at(p) + "AC", "1|1") if p % 3 == 0 else snv(p, "1|1") for p in positions]
    runs, _ = read(tmp_path, *records)
    calls = [Call(variant, (True, True)) for run in runs for variant in run.variants]
    genome = PatientGenome(reference(), calls)
    clusters = clusters_of(genome, reference().windows, REACH)
    assert [run.core for run in runs] == [cluster.core for cluster in clusters]


def test_an_indel_that_moves_left_joins_the_run_it_belongs_to(tmp_path):
    bases = BASES[:40] + "CA" * 30 + BASES[40:]
    path = written(
        tmp_path,
        record(1039, "A" if bases[38] != "A" else "C", "0|1", ref=bases[38]),
        record(1098, "C", "1|0", ref=bases[97:100]),
    )
    assert bases[97:100] == "CAC" or bases[97:100] == "ACA"
    path.write_text(path.read_text().replace(f"\t{bases[97:100]}\tC\t", f"\t{bases[97:100]}\t{bases[97]}\t"))
    [run] = PanelReader(path, reference(bases)).runs(REACH)
    assert len(run.variants) == 2
    assert run.genotypes.tolist() == [[0, 1], [1, 0]]


def test_an_indel_that_moves_too_far_is_left_out_and_hides_its_carriers(tmp_path, monkeypatch):
    monkeypatch.setattr(panel_runs, "HOLD_BACK", 20)
    bases = BASES[:40] + "CA" * 30 + BASES[40:]
    path = written(
        tmp_path,
        record(1096, bases[95], "0|1", "0|0", ref=bases[95:98]),
        record(1097, "T", "0|0", "1|0", ref=bases[96]),
    )
    reader = PanelReader(path, reference(bases))
    [run] = reader.runs(REACH)
    assert [str(variant) for variant in run.variants] == [f"chr1:1097:{bases[96]}:T"]
    assert run.hidden.tolist() == [False, True, False, False]
    assert [reason for reason, _ in reader.account.not_used] == ["an indel in a repeat of more than 20 bases"]


def test_runs_do_not_depend_on_when_they_are_looked_for(tmp_path, monkeypatch):
    rng = random.Random(9)
    positions = sorted(rng.sample(range(1003, 1180), 40))
    records = [snv(p, rng.choice(["0|1", "1|0", ".|1"])) for p in positions]
    runs, _ = read(tmp_path, *records)
    monkeypatch.setattr(panel_runs, "HOLD_BACK", 15)
    for patience in (1, 2, 7):
        monkeypatch.setattr(panel_runs, "_PATIENCE", patience)
        path = written(tmp_path, *records)
        early = list(_impatient(PanelReader(path, reference()), patience))
        assert [(run.core, run.variants, run.genotypes.tolist()) for run in early] == [
            (run.core, run.variants, run.genotypes.tolist()) for run in runs
        ]


def _impatient(reader, patience):
    original = panel_runs.RunBuilder.__init__

    def init(self, *args, **more):
        original(self, *args, **more)
        self._patience = patience

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(panel_runs.RunBuilder, "__init__", init)
        yield from reader.runs(REACH)


def test_a_chain_without_end_is_given_up_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(panel_runs, "MOST_ALLELES", 5)
    monkeypatch.setattr(panel_runs, "HOLD_BACK", 2)
    dense = [snv(position, "0|1") for position in range(1010, 1150, 5)]
    runs, account = read(tmp_path, *dense, snv(1180, "0|1"))
    assert [str(run.core) for run in runs] == ["chr1:1179-1181:+"]
    [finding] = [finding for finding in account.findings if finding.rule == "panel.dense"]
    assert finding.status is Status.UNKNOWN
    assert finding.value == "28 alleles from chr1:1009 on"
    assert account.alleles == 1


# --- phase ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "fmt", "is_unclear"),
    [
        ("0|1", "1|0", "GT", False),
        ("0/1", "1|0", "GT", True),
        ("0/1", "0/1", "GT", True),
        ("0/1", "1/1", "GT", False),
        ("0/1", "0/0", "GT", False),
        ("./1", "1|1", "GT", False),
        ("./1", "0|1", "GT", True),
        ("0|1:a", "0|1:a", "GT:PS", False),
        ("0|1:a", "0|1:b", "GT:PS", True),
        ("0|1:a", "0|1:.", "GT:PS", True),
        ("0|1:a", "1|1:b", "GT:PS", False),
        ("1", "0|1", "GT", True),
        ("1", "1", "GT", False),
    ],
)
def test_whose_alleles_lie_together_is_known_or_not(tmp_path, first, second, fmt, is_unclear):
    cells = {"GT": "0|0", "GT:PS": "0|0:."}
    one, two = snv(1050, first, cells[fmt], format=fmt), snv(1053, second, cells[fmt], format=fmt)
    [run], _ = read(tmp_path, one, two)
    assert run.unclear.tolist() == [is_unclear, False]


def test_two_alleles_of_one_unphased_record_are_on_opposite_copies(tmp_path):
    alts = ",".join(sorted(set("ACGT") - {at(1050)})[:2])
    [run], _ = read(tmp_path, record(1050, alts, "1/2"))
    assert not run.unclear.any()


# --- what is not used ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (record(1050, "<DEL>", "0|1"), "symbolic allele"),
        (record(1050, "]chr1:5]A", "0|1"), "breakend or missing ALT"),
        (record(1050, "*", "0|1"), "star allele: an upstream deletion covers the place"),
        (record(1050, "R", "0|1"), "ALT holds letters other than A, C, G, T"),
        (record(1050, ".", "0|0"), "no ALT allele"),
        (record(1050, at(1050), "0|1"), "ALT is the same as REF"),
        (snv(1050, "0|1", ref="N"), "REF holds letters other than A, C, G, T"),
        (snv(1050, "0|1", filter="q10"), "FILTER is not PASS (q10)"),
        (snv(1050, "0|0"), "only the reference allele is carried"),
        (snv(1050, ".|."), "genotype is missing"),
        (snv(1050, "7", format="DP"), "no GT in FORMAT"),
        (snv(1050, "0|1", chrom="chr9"), "contig is not in the reference"),
        (record(9000, "A", "0|1", ref="C"), "outside the reference windows"),
        (record(1050, "A", "0|1", ref=other(1050)), "REF does not match the reference"),
    ],
)
def test_a_record_is_refused_with_its_reason(tmp_path, line, reason):
    lines = [snv(1010, "0|1"), snv(1150, "0|1")]
    lines.insert(1 if "\t1050\t" in line and "chr1\t" in line else 2, line)
    runs, account = read(tmp_path, *lines)
    assert len(runs) == 2
    assert account.tally.refused == ((reason, 1),)
    assert account.tally.kept == 2


def test_filtered_records_can_be_kept(tmp_path):
    runs, _ = read(tmp_path, snv(1050, "0|1", filter="q10"), keep_filtered=True)
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        (record(1053, "<DEL>", "0|1", "0|0"), [False, True, False, False]),
        (record(1053, "<DEL>", "0/1", "0|0"), [True, True, False, False]),
        (record(1053, f"{other(1053)},<DEL>", "0|2", "0|1"), [False, True, False, False]),
        (record(1030, "<DEL>", "0|1", "0|0", info="SVTYPE=DEL;END=1120"), [False, True, False, False]),
        (record(1030, "<DEL>", "0|1", "0|0", info="END=1031"), [False] * 4),
        (snv(1053, ".|.", "0|0"), [True, True, False, False]),
        (snv(1053, "0|.", "0|0"), [False, True, False, False]),
        (snv(1053, "0/.", "0|0"), [True, True, False, False]),
        (record(1053, "A", "0|1", "0|0", ref=other(1053)), [False, True, False, False]),
        (record(1053, "*", "0|1", "0|0"), [False, True, False, False]),
    ],
)
def test_copies_with_what_cannot_be_spelt_out_are_hidden_not_reference(tmp_path, line, hidden):
    lines = sorted([snv(1055, "0|0", "0|1"), line], key=lambda text: int(text.split("\t")[1]))
    runs, _ = read(tmp_path, *lines)
    assert runs[-1].hidden.tolist() == hidden


def test_a_star_is_known_where_the_deletion_is_carried(tmp_path):
    deletion = record(1050, at(1050), "0|1", "0|0", "0|0", ref=at(1050, 6))
    star = record(1053, f"{other(1053)},*", "0|2", "1|0", "0|2")
    [run], account = read(tmp_path, deletion, star)
    assert run.hidden.tolist() == [False] * 5 + [True]
    assert dict(account.not_used) == {"star allele: an upstream deletion covers the place": 1}


def test_structural_alleles_are_counted_and_reported(tmp_path):
    _, account = read(tmp_path, snv(1010, "0|1"), record(1050, "<DEL>", "0|1"), record(1051, "<INV>", "1|1"))
    [finding] = [finding for finding in account.findings if finding.rule == "panel.structural"]
    assert finding.value == "2 alleles"


def test_records_that_repeat_or_contradict_each_other(tmp_path):
    [run], account = read(tmp_path, snv(1050, "0|1", "1|1"), snv(1050, "0|1", "1|1"))
    assert account.tally.refused == (("duplicate record", 1),)
    assert run.genotypes[:, 0].tolist() == [0, 1, 1, 1]
    [run], account = read(tmp_path, snv(1050, "0|1", "1|1"), snv(1050, "1|1", "1|."))
    assert account.tally.refused == (("duplicate record with another genotype", 1),)
    assert run.genotypes[:, 0].tolist() == [-1, 1, 1, -1]
    assert "panel.conflicts" in {finding.rule for finding in account.findings}


def test_one_indel_at_two_places_of_a_repeat_is_unknown_where_a_copy_has_both(tmp_path):
    """Two deletions of such a copy, or one written twice."""
    bases = "CACACACA" + BASES
    lines = [record(at, "A", "0|1", second, ref="ACA") for at, second in ((1002, "1|1"), (1006, "0|1"))]
    reader = PanelReader(written(tmp_path, *lines), reference(bases))
    [run] = reader.runs(REACH)
    assert reader.account.tally.refused == (("duplicate record in another place of its repeat", 1),)
    assert run.genotypes[:, 0].tolist() == [0, -1, -1, -1]
    assert run.shifts == (6,)


def test_insertions_without_a_covered_base_beside_them_hide_their_carriers(tmp_path):
    """CA before the window's first CACA is the same as after it."""
    bases = "CACA" + BASES
    lines = [record(1004, "ACA", "0|1", ref="A"), record(1006, "T", "1|0", ref=bases[5])]
    assert bases[5] != "T"
    reader = PanelReader(written(tmp_path, *lines), reference(bases))
    [run] = reader.runs(REACH)
    assert len(run.variants) == 1
    assert run.hidden.tolist() == [False, True]


# --- bad inputs ----------------------------------------------------------------------------------------------

GOOD = snv(1050, "0|1")


@pytest.mark.parametrize(
    ("lines", "words", "code"),
    [
        ((snv(1050, "0|1"), snv(1049, "0|1")), "POS 1049 comes after 1050", "unsorted-vcf"),
        ((GOOD, snv(5, "0|1", chrom="2", ref="A"), GOOD), "stand in two places", "unsorted-vcf"),
        ((GOOD, snv(1049, "0|1", chrom="1")), "comes after", "unsorted-vcf"),
        ((GOOD, GOOD + "\t0|1"), "11 columns", "bad-vcf-record"),
        ((GOOD, GOOD[:20]), "columns", "bad-vcf-record"),
        ((GOOD.replace("1050", "x"),), "not a position", "bad-vcf-record"),
        ((snv(1050, "0|2"),), "names allele 2", "bad-vcf-record"),
        ((snv(1050, "0|2", "0|1:9"),), "names allele 2", "bad-vcf-record"),
        ((snv(1050, "0|" + "9" * 50),), "cannot be used", "bad-vcf-record"),
        ((snv(1050, "0|40000"),), "cannot be used", "bad-vcf-record"),
        ((snv(1050, "0|1:a:b", format="GT:PS:PS"),), "PS twice", "bad-vcf-record"),
    ],
)
def test_a_file_that_is_not_sound_is_refused(tmp_path, lines, words, code):
    with pytest.raises(InputError) as caught:
        read(tmp_path, *lines)
    error = caught.value
    assert (error.code, error.exit_status) == (code, 3)
    assert words in str(error)
    assert error.where.startswith("panel.vcf:")
    assert error.remedy


def test_wrong_build_and_foreign_contigs_are_refused(tmp_path):
    wrong = [record(p, at(p), "0|1", ref=other(p)) for p in range(1005, 1190, 5)]
    with pytest.raises(IncompatibleInputsError) as caught:
        read(tmp_path, *wrong)
    assert caught.value.code == "wrong-build"
    with pytest.raises(IncompatibleInputsError) as caught:
        read(tmp_path, snv(1050, "0|1", chrom="chr9"))
    assert caught.value.code == "no-common-contig"
    path = written(tmp_path, GOOD, head="##contig=<ID=chr1,length=249250621>")
    with pytest.raises(IncompatibleInputsError) as caught:
        PanelReader(path, Reference.from_sequences({"chr1:1001-1196": BASES}, build="GRCh38"))
    assert caught.value.code == "wrong-build"


def test_the_account_is_not_known_before_the_end(tmp_path):
    reader = PanelReader(written(tmp_path, GOOD), reference())
    with pytest.raises(ValueError, match="not been read"):
        _ = reader.account


def test_every_kind_of_compression_and_a_cut_file(tmp_path):
    lines = [snv(position, "0|1", "1|1") for position in range(1005, 1190, 3)]
    plain = written(tmp_path, *lines)
    zipped, blocked = tmp_path / "panel.vcf.gz", tmp_path / "panel.bgz"
    zipped.write_bytes(gzip.compress(plain.read_bytes()))
    pysam.tabix_compress(str(plain), str(blocked))
    tables = []
    for path in (plain, zipped, blocked):
        runs = PanelReader(path, reference()).runs(REACH)
        tables.append([(run.variants, run.genotypes.tolist()) for run in runs])
    assert tables[0] == tables[1] == tables[2]
    for path in (zipped, blocked):
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(InputError) as caught:
            list(PanelReader(path, reference()).runs(REACH))
        assert caught.value.code == "truncated"


# --- sites-only files ----------------------------------------------------------------------------------------


def test_a_list_of_sites_gives_each_allele_alone(tmp_path):
    alts = ",".join(sorted(set("ACGT") - {at(1050)})[:2])
    info = "AC=3,1;AN=200;AF=0.9,0.9;AC_afr=2,1;AN_afr=50;AC_afr_XX=1,0;AN_XX=9;AC_XX=9,9;AF_raw=0.1,0.1"
    runs, account = read(
        tmp_path, record(1050, alts, info=info), record(1052, other(1052), info="AC=0;AN=10")
    )
    assert [len(run.variants) for run in runs] == [1, 1]
    assert runs[0].counts == ((HaplotypeCount("afr", 2, 50, 0.04), HaplotypeCount("all", 3, 200, 0.015)),)
    assert runs[1].counts == ((HaplotypeCount("afr", 1, 50, 0.02), HaplotypeCount("all", 1, 200, 0.005)),)
    assert runs[0].genotypes.shape == (0, 1)
    assert account.tally.refused == (("only the reference allele is carried", 1),)


@pytest.mark.parametrize(
    ("info", "counts", "is_sound"),
    [
        (".", [("all", 0, 0, None)], True),
        ("AF=0.25", [("all", 0, 0, 0.25)], True),
        ("AFR_AF=0.5;AF=.", [("AFR", 0, 0, 0.5), ("all", 0, 0, None)], True),
        ("AC=1;AN=0", [("all", 0, 0, None)], False),
        ("AC=0;AN=0", [("all", 0, 0, None)], True),
        ("AC=1,2;AN=9", [("all", 0, 0, None)], False),
        ("AC=-1;AN=9", [("all", 0, 0, None)], False),
        ("AF=nan", [("all", 0, 0, None)], False),
        ("AF=1.5", [("all", 0, 0, None)], False),
        ("AF=often", [("all", 0, 0, None)], False),
        ("AC_nfe=1;AN_nfe=4;AC_Het=1;AF_Het=1;AF_popmax=1", [("nfe", 1, 4, 0.25), ("all", 0, 0, None)], True),
    ],
)
def test_counts_in_info(info, counts, is_sound):
    assert counts_of_alleles(info, 1) == ((tuple(HaplotypeCount(*count) for count in counts),), is_sound)


def test_sites_without_any_frequency_are_said(tmp_path):
    _, account = read(tmp_path, record(1050, other(1050)), record(1090, other(1090), info="AF=0.5"))
    [finding] = [finding for finding in account.findings if finding.rule == "panel.frequencies"]
    assert finding.value == "1 alleles"


# --- real files ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def windows(shared_data) -> Reference:
    return Reference.open(shared_data / "genome/GRCh38.windows.fa.gz")


def test_the_cftr_panel_holds_what_pysam_reads(windows, shared_data):
    path = shared_data / "variants/GRCh38.1kgp.CFTR.vcf.gz"
    reader = PanelReader(path, windows)
    found = {}
    for run in reader.runs(24):
        assert not run.unclear.any()
        assert not run.hidden.any()
        for column, variant in enumerate(run.variants):
            found[variant] = run.genotypes[:, column]
    assert reader.account.tally.kept == len(found) == 3507
    assert dict(reader.account.tally.refused) == {"outside the reference windows": 92}
    checked = 0
    with pysam.VariantFile(str(path)) as file:
        for number, line in enumerate(file):
            if number % 12 or len(line.ref) > 1 or len(line.alts[0]) > 1:
                continue
            match = [
                carried
                for variant, carried in found.items()
                if (variant.start, variant.ref, variant.alt) == (line.start, line.ref, line.alts[0])
            ]
            if not match:
                assert not windows.covers(Locus("chr7", line.start, line.stop))
                continue
            expected = [allele for sample in line.samples.values() for allele in sample.allele_indices]
            assert match[0].tolist() == expected
            assert int((match[0] == 1).sum()) == line.info["AC"][0]
            checked += 1
    assert checked > 200


@pytest.mark.parametrize(
    ("name", "kept", "listed"),
    [("omni", 1318, True), ("mills", 3802, False), ("known_indels", 5292, True)],
)
def test_real_lists_of_sites(windows, shared_data, name, kept, listed):
    reader = PanelReader(shared_data / f"variants/GRCh38.chr22_{name}.vcf.gz", windows)
    runs = list(reader.runs(24))
    assert reader.account.tally.kept == kept
    assert all(len(run.variants) == 1 for run in runs)
    assert any(run.counts[0][-1].called for run in runs) is listed
    assert reader.account.findings[0].status is Status.PASS


def test_a_panel_on_another_build_says_nothing_here(windows, shared_data):
    reader = PanelReader(shared_data / "variants/GRCh37.1kgp.CFTR.vcf.gz", windows)
    assert list(reader.runs(24)) == []
    assert {finding.rule: finding.status for finding in reader.account.findings}[
        "panel.coverage"
    ] is Status.UNKNOWN


def test_runs_are_handed_out_while_the_file_is_read(tmp_path):
    """Else memory would grow with the file."""
    bases = BASES * 200
    step = 15
    lines = [
        record(1001 + p, "ACGT"["ACGT".index(bases[p]) - 1], "0|1", ref=bases[p])
        for p in range(2, len(bases) - 2, step)
    ]
    reader = PanelReader(written(tmp_path, *lines), reference(bases))
    taken = 0

    def counted(rows):
        nonlocal taken
        for row in rows:
            taken += 1
            yield row

    reader._lines = counted(reader._lines)
    given = 0
    most = 0
    for given, _ in enumerate(reader.runs(REACH), start=1):
        most = max(most, taken - given)
    assert given == len(lines)
    assert most < panel_runs.HOLD_BACK / step + 200 < len(lines) / 4
