"""The atlas: rows read or refused, frames and strands on real sequence, classes that mean what they say."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from importlib.resources import as_file, files
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from revertant import cli, knowledge
from revertant.errors import InputError
from revertant.genome import Reference, load_gene_models
from revertant.model import Strand, Transcript, Variant
from revertant.planning import (
    Bystanders,
    ContextRow,
    atlas_tables,
    build_atlas,
    read_contexts,
    write_atlas,
)
from revertant.planning.atlas import BaseReach, judge_base
from revertant.planning.atlas.frame import context_gene
from revertant.planning.atlas.rows import COLUMNS, edit_between
from revertant.sequence import CODONS, complement, matches, reverse_complement
from revertant.variant import hgvs_c, parse_edit, predict_consequence

PROFILES = (files("revertant.prediction") / "sakata2020.tsv").read_text(encoding="utf-8")
REAL = "clinvar/clinvar_contexts.tsv.gz"

# HBB of GRCh38 (the built-in demo sequence): the first intron's donor and its surroundings, sense strand.
GOOD = {
    "name": "NM_000518.5(HBB):c.20A>T (p.Glu7Val)",
    "gene": "HBB",
    "phenotype": "Sickle cell disease",
    "correction": "Replacement",
    "correction_length": "1",
    "reference_allele": "T",
    "alternate_allele": "A",
    "edit_offset": "46",
    "mutant_context": "ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTGTGGAGAAGTCTGCCGTTACTGCC",
    "wildtype_context": "ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATGGTGCATCTGACTCCTGAGGAGAAGTCTGCCGTTACTGCC",
}


def judged(row: ContextRow) -> BaseReach:
    """What base editing reaches, on the reference and transcript the row itself gives."""
    return judge_base(row, context_gene(row))


def write(path: Path, rows: list[dict[str, str]], columns: tuple[str, ...] = COLUMNS) -> Path:
    lines = ["\t".join(columns), *("\t".join(row[name] for name in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hbb() -> tuple[Reference, Transcript]:
    with as_file(files("revertant.cli") / "demo_data") as folder:
        reference = Reference.open(folder / "loci.GRCh38.fa")
        models = load_gene_models(folder / "HBB.GRCh38.gtf", reference)
        return reference, models.of_gene("HBB")[0]


def hbb_row(
    reference: Reference, transcript: Transcript, position: int, alt: str, *, turned: bool
) -> ContextRow:
    """A row cut out of the genome around a substitution, on either strand, named by the package's own HGVS."""
    ref = reference.fetch(transcript.contig, position, position + 1)
    variant = Variant(transcript.contig, position, ref, alt)
    protein = predict_consequence([variant], transcript, reference).hgvs_p
    low, high = position - 42, position + 41
    wild = reference.fetch(transcript.contig, low, high)
    mutant = wild[:42] + alt + wild[43:]
    if turned:
        wild, mutant = reverse_complement(wild), reverse_complement(mutant)
    name = hgvs_c(variant, transcript, reference) + (
        f" ({protein.replace('(', '').replace(')', '')})" if protein else ""
    )
    return ContextRow(2, name, "HBB", "", parse_edit(edit_between(wild, mutant)))


@given(st.text("ACGT", min_size=1, max_size=20), st.text("ACGT", min_size=1, max_size=20))
def test_an_edit_between_two_sequences_gives_both_back(wild: str, mutant: str) -> None:
    if wild == mutant:
        return
    edit = parse_edit(edit_between(wild, mutant))
    assert (edit.before, edit.after) == (wild, mutant)


BROKEN = [
    ({"mutant_context": GOOD["wildtype_context"]}, "the same"),
    ({"mutant_context": ""}, "empty"),
    ({"wildtype_context": ""}, "empty"),
    ({"mutant_context": GOOD["mutant_context"].replace("G", "Z", 1)}, "letters that do not belong"),
    ({"mutant_context": "(" + GOOD["mutant_context"]}, "Brackets are nested"),
    ({"reference_allele": "C"}, "disagree"),
    ({"alternate_allele": "G"}, "disagree"),
    ({"mutant_context": GOOD["mutant_context"][:-1]}, "disagree"),
    ({"name": "NM_000518.5(HBB):c.20_40del"}, "different changes"),
    ({"name": "NM_000518.5(HBB):c.20dup (p.Glu7fs)"}, "different changes"),
]


@pytest.mark.parametrize(("change", "words"), BROKEN)
def test_a_broken_row_is_refused_with_its_line_and_reason(
    change: dict[str, str], words: str, tmp_path: Path
) -> None:
    table = read_contexts(write(tmp_path / "rows.tsv", [GOOD, GOOD | change, GOOD]))
    assert (table.tally.read, table.tally.kept) == (3, 2)
    [(line, reason)] = table.refused
    assert line == 3
    assert words in reason


def test_rows_of_the_wrong_width_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "rows.tsv", [GOOD])
    path.write_text(path.read_text() + "only\ttwo\n" + "\t".join(["x"] * 12) + "\n")
    table = read_contexts(path)
    assert table.tally.refused == (("wrong number of fields", 2),)


def test_windows_line_ends_and_lower_case_are_read(tmp_path: Path) -> None:
    lower = GOOD | {"mutant_context": GOOD["mutant_context"].lower()}
    path = write(tmp_path / "rows.tsv", [lower])
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_contexts(path).tally.kept == 1


def bad_files() -> list[tuple[str, bytes, str]]:
    whole = gzip.compress(b"\t".join(name.encode() for name in COLUMNS) + b"\n" + b"x" * 5000)
    return [
        ("empty.tsv", b"", "lacks the columns"),
        ("head.tsv", b"\t".join(name.encode() for name in COLUMNS) + b"\n", "no row"),
        ("columns.tsv", b"name\tgene\n", "lacks the columns phenotype"),
        ("cut.tsv.gz", whole[:-12], "cannot be read"),
        ("plain.tsv.gz", b"name\tgene\n", "cannot be read"),
        ("binary.tsv", b"\xff\xfe\x00\x01", "no text"),
    ]


@pytest.mark.parametrize(("name", "content", "words"), bad_files())
def test_a_bad_file_is_refused(name: str, content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_contexts(tmp_path / name)
    assert words in str(caught.value)
    assert caught.value.remedy


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_contexts(tmp_path / "nowhere.tsv")


@pytest.mark.parametrize("turned", [False, True])
def test_frames_told_by_names_are_the_real_ones(hbb: tuple[Reference, Transcript], *, turned: bool) -> None:
    """Around every coding base of HBB's exons, codons read by the name are codons of the transcript."""
    reference, transcript = hbb
    seen = 0
    for index in range(0, transcript.coding_bases, 7):
        position = transcript.coding_to_genome(index)
        ref = reference.fetch(transcript.contig, position, position + 1)
        row = hbb_row(reference, transcript, position, "ACGT"["GTAC".index(ref)], turned=turned)
        gene = context_gene(row)
        if gene.transcript is None:
            assert "an exon ends in it" in gene.because
            continue
        seen += 1
        # The stretch reads along the gene's strand unless it was turned; HBB lies on the minus strand.
        assert gene.transcript.strand is (Strand.PLUS if turned else Strand.MINUS)
        coding = gene.transcript.genome_to_coding(gene.variant.start)
        assert coding is not None
        assert coding % 3 == index % 3
        ours = predict_consequence([gene.variant], gene.transcript, gene.reference)
        real = predict_consequence(
            [Variant(transcript.contig, position, ref, "ACGT"["GTAC".index(ref)])], transcript, reference
        )
        assert (ours.codon_before, ours.codon_after) == (real.codon_before, real.codon_after)
        assert ours.terms[0] is real.terms[0]
    assert seen > 55


INTRONIC = [(92, 1), (92, 2), (92, 5), (93, -1), (93, -3), (315, 1), (316, -2), (316, -14)]


@pytest.mark.parametrize(("number", "offset"), INTRONIC)
@pytest.mark.parametrize("turned", [False, True])
def test_intronic_names_give_the_exons_edge(
    hbb: tuple[Reference, Transcript], number: int, offset: int, *, turned: bool
) -> None:
    """Every base of the stretch that the edge decides has the consequence the real transcript gives it."""
    reference, transcript = hbb
    at = transcript.coding_to_genome(number - 1) - offset  # HBB lies on the minus strand
    ref = reference.fetch(transcript.contig, at, at + 1)
    row = hbb_row(reference, transcript, at, complement(ref), turned=turned)
    gene = context_gene(row)
    assert gene.transcript is not None
    for shift in range(-6, 7):
        near = at + shift
        base = reference.fetch(transcript.contig, near, near + 1)
        alt = {"A": "G", "G": "A", "C": "T", "T": "C"}[base]
        real = predict_consequence([Variant(transcript.contig, near, base, alt)], transcript, reference)
        here = gene.variant.start + (-shift if turned else shift)
        if here in gene.unread:
            continue
        local = Variant("context", here, *(map(complement, (base, alt)) if turned else (base, alt)))
        ours = predict_consequence([local], gene.transcript, gene.reference)
        assert ours.terms[0] is real.terms[0], (shift, ours, real)


def test_names_without_a_frame_say_why() -> None:
    edit = parse_edit("GACACCATGGTGCATCTGACTCCTG(A/G)GGAGAAGTCTGCCGTTACTGCC")
    reasons = {
        name: context_gene(ContextRow(2, name, "G", "", edit)).because
        for name in (
            "NR_001566.1(TERC):n.20A>G",
            "NC_012920.1:m.20A>G",
            "no name at all",
            "NM_000518.5(HBB):c.20C>G (p.Glu7Gly)",
            "NM_000518.5(HBB):c.20A>G (p.Lys7Arg)",
            "NM_000518.5(HBB):c.21A>G (p.Glu7Gly)",
        )
    }
    words = [
        "n. names",
        "m. names",
        "no HGVS",
        "alleles of the name",
        "an exon ends in it",
        "an exon ends in it",
    ]
    for reason, expected in zip(reasons.values(), words, strict=True):
        assert expected in reason


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("NM_000518.5(HBB):c.-50G>A", "untranslated, the start too far away"),
        ("NM_000518.5(HBB):c.*200G>A", "untranslated, the stop too far away"),
        ("NM_000518.5(HBB):c.92+4000G>A", "deep in an intron"),
        ("NM_000518.5(HBB):c.93-4000G>A", "deep in an intron"),
        ("NM_000518.5(HBB):c.-12+40G>A", "intron of the untranslated region"),
    ],
)
def test_far_from_the_coding_sequence_no_bystander_is_coding(name: str, context: str) -> None:
    stretch = "TTGCACCGATTGCACTGATCGATGCATGCACACT(G/A)CACATAGCTTGGAGAACCTGGTAAGCCGGTTACAGGCATGGA"
    found = judged(ContextRow(2, name, "HBB", "", parse_edit(stretch)))
    assert found.best in {Bystanders.CLEAN, Bystanders.SILENT, None}, context
    assert all(reached in {Bystanders.CLEAN, Bystanders.SILENT} for _, reached in found.editors)
    assert found.editors


def test_an_early_start_codon_bounds_the_coding_sequence() -> None:
    """c.4 of a stretch whose codon three bases before is ATG: the bases before it are untranslated."""
    edit = parse_edit(
        "ACATTTGCTTCTGACACAACTGTGTTCACTAGCAACCTCAAACAGACACCATG(G/A)TGCATCTGACTCCTGAGGAGAAGTCTGCCG"
    )
    gene = context_gene(ContextRow(2, "NM_000518.5(HBB):c.4G>A (p.Val2Met)", "HBB", "", edit))
    assert gene.transcript is not None
    assert gene.transcript.genome_to_coding(gene.variant.start) == 3
    assert gene.transcript.genome_to_coding(gene.variant.start - 4) is None


def test_a_stop_codon_ends_the_coding_sequence() -> None:
    edit = parse_edit("GGTGGCTGGTGTGGCTAATGCCCTGGCCCACAAG(T/C)ATCACTAAGCTCGCTTTCTTGCTGTCCAATTTCTATTAAAGG")
    gene = context_gene(ContextRow(2, "NM_000518.5(HBB):c.436T>C (p.Tyr146His)", "HBB", "", edit))
    assert gene.transcript is not None
    stop = gene.variant.start + 6
    assert gene.transcript.genome_to_coding(stop + 2) is not None
    assert gene.transcript.genome_to_coding(stop + 3) is None
    assert gene.reference.fetch("context", stop, stop + 3) == "TAA"


def test_a_benign_reading_of_the_sickle_row() -> None:
    row = ContextRow(
        2, GOOD["name"], "HBB", "", parse_edit(edit_between(GOOD["wildtype_context"], GOOD["mutant_context"]))
    )
    found = judged(row)
    assert found.best is None
    assert found.because == "transversion that no deaminase makes (A to T or T to A)"


def wide_window(editor: knowledge.BaseEditor) -> tuple[int, int]:
    """The catalogue's window and every position the measured table puts at 5 % of its best or more."""
    rows = [line.split("\t") for line in PROFILES.splitlines()[1:]]
    rates = [
        [float(rate) for rate in row[3:]]
        for row in rows
        if row[0] == editor.profile and tuple(row[2].split(">")) in editor.base_changes
    ]
    best = max((max(row) for row in rates), default=0)
    active = [i + 1 for row in rates for i, rate in enumerate(row) if rate >= best / 20]
    return min([editor.window[0], *active]), max([editor.window[1], *active])


def by_hand(row: ContextRow) -> dict[str, Bystanders]:
    """Every editor on every place, written out: for rows whose whole stretch is one coding exon in frame."""
    wild, mutant, at = row.edit.before, row.edit.after, row.edit.start
    found: dict[str, Bystanders] = {}
    for editor in knowledge.editors().values():
        products = dict(editor.base_changes)
        size, pam = editor.spacer_nt, len(editor.pam)
        for minus in (False, True):
            text = reverse_complement(mutant) if minus else mutant
            target = len(mutant) - 1 - at if minus else at
            goal = complement(wild[at]) if minus else wild[at]
            if products.get(text[target]) != goal:
                continue
            for start in range(len(text) - size + 1):
                left = editor.pam_side.value == "5'"
                low = start - pam if left else start + size
                if low < 0 or low + pam > len(text) or not matches(editor.pam, text[low : low + pam]):
                    continue
                first, last = start + editor.window[0] - 1, start + editor.window[1]
                if not first <= target < last:
                    continue
                low, high = wide_window(editor)
                window = range(start + low - 1, start + high)
                others = [i for i in window if text[i] in products and i != target]
                if len(others) > 5:
                    continue
                reached = Bystanders.SILENT if others else Bystanders.CLEAN
                for count in range(len(others) + 1):
                    for subset in combinations(others, count):
                        edited = list(text)
                        for i in (*subset, target):
                            edited[i] = products[text[i]]
                        bases = reverse_complement("".join(edited)) if minus else "".join(edited)
                        if protein(bases) != protein(wild):
                            reached = Bystanders.CODING
                if editor.key not in found or reached.rank < found[editor.key].rank:
                    found[editor.key] = reached
    return found


def protein(bases: str) -> str:
    return "".join(CODONS[bases[i : i + 3]] for i in range(0, len(bases) - 2, 3))


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_classes_equal_those_worked_out_by_hand(data: st.DataObject) -> None:
    """A coding stretch without stop codons, a transition in its middle: the same class for every editor."""
    sense = sorted(codon for codon, residue in CODONS.items() if residue != "*")
    codons = data.draw(st.lists(st.sampled_from(sense), min_size=28, max_size=28))
    wild = "".join(codons)
    at = data.draw(st.integers(36, 47))
    alt = {"A": "G", "G": "A", "C": "T", "T": "C"}[wild[at]]
    mutant = wild[:at] + alt + wild[at + 1 :]
    name = f"NM_1.1(G):c.{at + 1 + 300}{wild[at]}>{alt}"
    turned = data.draw(st.booleans())
    stretch = (reverse_complement(wild), reverse_complement(mutant)) if turned else (wild, mutant)
    row = ContextRow(2, name, "G", "", parse_edit(edit_between(*stretch)))
    expected = by_hand(ContextRow(2, name, "G", "", parse_edit(edit_between(wild, mutant))))
    assert dict(judged(row).editors) == expected


def check(rows: tuple[ContextRow, ...]) -> Counter[str]:
    """What must hold of every row, whatever it is."""
    counts: Counter[str] = Counter()
    for row in rows:
        found = judged(row)
        assert (found.best is None) == bool(found.because) == (not found.editors) == (found.guide is None)
        counts[found.because or str(found.best)] += 1
        if found.guide is None:
            continue
        key, spacer, pam, position = found.guide
        editor = knowledge.editors()[key]
        assert found.best is min((reached for _, reached in found.editors), key=lambda reached: reached.rank)
        target = spacer[position - 1]
        wild = {row.edit.ref, complement(row.edit.ref)}
        assert dict(editor.base_changes)[target] in wild
        assert spacer in row.edit.after or reverse_complement(spacer) in row.edit.after
        low, high = wide_window(editor)
        assert editor.window[0] <= position <= editor.window[1]
        window = spacer[low - 1 : high]
        editable = sum(window.count(base) for base, _ in editor.base_changes)
        assert (editable == 1) == (found.best is Bystanders.CLEAN)
        assert len(pam) == len(editor.pam)
    return counts


def test_three_hundred_real_rows(shared_data: Path) -> None:
    table = read_contexts(shared_data / REAL)
    # Three rows name a large deletion but show the exchange of one base beside it.
    assert (table.tally.read, table.tally.kept) == (10_149, 10_146)
    assert table.tally.refused == (("the name and the sequences describe different changes", 3),)
    counts = check(table.rows[::34])
    assert counts.total() == 299
    assert counts["clean"] > 15


@pytest.mark.long
def test_every_real_row(shared_data: Path) -> None:
    table = read_contexts(shared_data / REAL)
    assert check(table.rows).total() == 10_146
    one, two = build_atlas(table), build_atlas(table, processes=2)
    assert write_atlas(one) == write_atlas(two)


def test_processes_do_not_change_the_atlas(shared_data: Path) -> None:
    table = read_contexts(shared_data / REAL)
    # More than one chunk; most of them quickly judged, since no codon is asked around an insertion or deletion.
    quick = [row for row in table.rows if len(row.edit.ref) != len(row.edit.alt)]
    part = type(table)((*table.rows[:6], *quick[:60]), ())
    shares: list[float] = []
    one = build_atlas(part, progress=lambda _, share: shares.append(share))
    assert write_atlas(one) == write_atlas(build_atlas(part, processes=2))
    assert shares == sorted(shares)
    assert 0 < shares[0] <= shares[-1] <= 1


def test_the_tables_add_up(shared_data: Path) -> None:
    table = read_contexts(shared_data / REAL)
    made = build_atlas(type(table)(table.rows[::250], ()))
    tables = {one.title: one for one in atlas_tables(made)}
    overall = {row[0]: int(row[1]) for row in tables["Base editing: the best of all editors"].rows}
    assert sum(count for name, count in overall.items() if name != "all") == overall["all"] == len(made.rows)
    rest = sum(int(row[1]) for row in tables["Base editing: why the rest cannot be corrected"].rows)
    assert rest == overall["not correctable"]
    by_cell = tables["Base editing: by chemistry and PAM"]
    for row in by_cell.rows:
        assert int(row[3]) == int(row[5]) + int(row[7]) + int(row[9]) + int(row[10])
    assert by_cell.markdown.count("\n") == len(by_cell.rows) + 1
    cell = ("ABE", "NG")
    assert made.of_cell(cell).total() == next(int(r[3]) for r in by_cell.rows if r[:2] == cell)
    assert made.of_editor("abe8e_ng").total() <= made.of_cell(cell).total()


def test_the_command_prints_and_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "rows.tsv", [GOOD, GOOD | {"mutant_context": ""}])
    out = tmp_path / "atlas.tsv"
    assert cli.main(["atlas", str(path), "--out", str(out), "--processes", "1"]) == 0
    printed = capsys.readouterr().out
    assert "refused: a sequence is empty" in printed
    assert "transversion that no deaminase makes" in printed
    [record] = csv.DictReader(out.read_text().splitlines(), delimiter="\t")
    assert record["base_best"] == "not correctable"
    assert record["put_right_by_NGG"] == "prime editing + cut and donor"
    assert cli.main(["atlas", str(path), "--out", str(out)]) == 2
    assert cli.main(["atlas", str(path), "--out", str(out), "--force", "--json"]) == 0
    assert '"ok": true' in capsys.readouterr().out
