"""Gene models: real transcripts through every format, the stop codon, and the choice of a transcript."""

from __future__ import annotations

import gzip

import pytest

from revertant.errors import IncompatibleInputsError, InputError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.genome.transcripts import StopRule
from revertant.model import Locus, Status, Strand, Transcript
from revertant.sequence import reverse_complement, translate


@pytest.fixture(scope="module")
def reference(shared_data):
    return Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")


@pytest.fixture(scope="module")
def models(shared_data):
    return load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz")


@pytest.fixture(scope="module")
def covered(models, reference):
    """Transcripts the windows cover, whose stop codon the sequence can settle; one place per accession."""
    found = {}
    for item in models.transcripts:
        if item.cds and reference.covers(item.locus) and item.gene != "SELENOO":
            found.setdefault(item.transcript_id, item)
    return list(found.values())


def coding(transcript: Transcript, reference: Reference) -> str:
    bases = "".join(reference.fetch(transcript.contig, a, b) for a, b in sorted(transcript.coding_exons))
    return bases if transcript.strand is Strand.PLUS else reverse_complement(bases)


def split_stop(item: Transcript) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The coding parts without the last three bases, and those three, each in forward order."""
    rest, stop, parts = 3, [], list(item.coding_exons)
    while rest:
        start, end = parts.pop()
        step = min(rest, end - start)
        plus = item.strand is Strand.PLUS
        stop.append((end - step, end) if plus else (start, start + step))
        if step < end - start:
            parts.append((start, end - step) if plus else (start + step, end))
        rest -= step
    return sorted(parts), sorted(stop)


def gtf(items, *, stop_in_cds: bool, stop_rows: bool) -> str:
    lines = []
    for item in items:
        note = f'gene_id "{item.gene}"; gene_name "{item.gene}"; transcript_id "{item.transcript_id}";'
        note += ' tag "basic"; tag "MANE Select";' if item.is_mane_select else ""
        shorter, stop = split_stop(item)
        parts = sorted(item.coding_exons) if stop_in_cds else shorter
        rows = [("exon", *span) for span in item.exons] + [("CDS", *span) for span in parts]
        rows += [("stop_codon", *span) for span in stop] if stop_rows else []
        rows.append(("gene", item.exons[0][0], item.exons[-1][1]))
        lines += [
            f"{item.contig}\tx\t{kind}\t{a + 1}\t{b}\t.\t{item.strand}\t.\t{note}" for kind, a, b in rows
        ]
    return "\n".join(lines) + "\n"


def gff3(items, style: str) -> str:
    lines = ["##gff-version 3"]
    for n, item in enumerate(items):
        base, version = item.transcript_id.split(".")
        if style == "refseq":
            gene_note = f"ID=gene-{item.gene}-{n};Name={item.gene};gene={item.gene}"
            rna = f"ID=rna-{item.transcript_id};Parent=gene-{item.gene}-{n};Name={item.transcript_id}"
            rna += f";gene={item.gene};transcript_id={item.transcript_id}"
            rna += ";tag=MANE Select" if item.is_mane_select else ""
            parent = f"rna-{item.transcript_id}"
        else:
            gene_note = f"ID=gene:ENSG{n};Name={item.gene}"
            rna = f"ID=transcript:{base};Parent=gene:ENSG{n};Name={item.gene}-201;transcript_id={base}"
            rna += f";version={version}" + (";tag=basic,MANE_Select" if item.is_mane_select else "")
            parent = f"transcript:{base}"
        rows = [("exon", *span, f"Parent={parent}") for span in item.exons]
        rows += [
            ("CDS", *span, f"ID=cds-{n};Parent={parent};protein_id=NP_{n}.1") for span in item.coding_exons
        ]
        whole = item.locus
        rows += [("mRNA", whole.start, whole.end, rna), ("gene", whole.start, whole.end, gene_note)]
        lines += [
            f"{item.contig}\tx\t{kind}\t{a + 1}\t{b}\t.\t{item.strand}\t.\t{note}"
            for kind, a, b, note in rows
        ]
    return "\n".join(lines) + "\n"


def gene_pred(items, *, bin_column: bool, extended: bool) -> str:
    lines = ["#bin\tname" if bin_column else "#name"]
    for item in items:
        starts, ends = ("".join(f"{edge}," for edge in edges) for edges in zip(*item.exons, strict=True))
        whole = item.locus
        fields = [item.transcript_id, item.contig, item.strand.value, whole.start, whole.end, *item.cds]
        fields += [len(item.exons), starts, ends]
        if extended:
            fields += [0, item.gene, "cmpl", "cmpl", "0," * len(item.exons)]
        lines.append("\t".join(map(str, ([585] if bin_column else []) + fields)))
    return "\n".join(lines) + "\n"


def plain(items):
    return {(i.transcript_id, i.contig): (i.gene, i.strand, i.exons, i.cds, i.is_mane_select) for i in items}


def test_real_models_translate(models, reference):
    whole = partly = 0
    for item in models.transcripts:
        if item.cds and reference.covers(item.locus):
            protein = translate(coding(item, reference))
            good = protein.startswith("M") and protein.endswith("*") and protein.count("*") == 1
            # Selenoprotein O reads an inner UGA as selenocysteine.
            assert good or item.gene == "SELENOO", item.transcript_id
            whole += good
            partly += not good
    assert (whole, partly) == (375, 1)
    assert models.tally.read == models.tally.kept == 751
    assert models.row_tally.refused == ()
    assert models.stop_rule is StopRule.ROWS


def test_beta_globin(models, reference, shared_data):
    choice = models.choose("hbb")
    assert choice.transcript.transcript_id == "NM_000518.5"
    assert choice.finding.status is Status.PASS
    bases = coding(choice.transcript, reference)
    assert len(bases) == 444
    assert translate(bases).startswith("MVHLTPEEKSAVTALWGKVNVDEVGGEALGRLLVVYPWTQRFFESF")
    assert choice.transcript.coding_to_genome(19) == 5227001
    assert reference.fetch("11", 5227001, 5227002) == "T"
    shippable = load_gene_models(shared_data / "shippable" / "HBB.GRCh38.gtf")
    assert plain(shippable.of_gene("HBB")) == plain(models.of_gene("HBB"))


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("stop_in_cds", "stop_rows", "with_reference"),
    [
        (False, True, False),
        (True, True, False),
        (False, False, False),
        (False, False, True),
        (True, False, True),
    ],
)
def test_gtf_with_and_without_the_stop_codon(
    covered, reference, tmp_path, stop_in_cds, stop_rows, with_reference, packed
):
    text = gtf(covered, stop_in_cds=stop_in_cds, stop_rows=stop_rows).encode()
    path = tmp_path / "m.txt"
    path.write_bytes(gzip.compress(text) if packed else text)
    found = load_gene_models(path, reference if with_reference else None)
    assert plain(found.transcripts) == plain(covered)
    assert found.row_tally.refused == (("row type not used", len(covered)),)


@pytest.mark.parametrize("style", ["refseq", "ensembl"])
def test_gff3(covered, tmp_path, style):
    path = tmp_path / "m.gff3"
    path.write_text(gff3(covered, style))
    found = load_gene_models(path)
    assert plain(found.transcripts) == plain(covered)
    assert found.stop_rule is StopRule.INCLUDED
    assert all(item.protein_id for item in found.transcripts)


@pytest.mark.parametrize("bin_column", [False, True])
@pytest.mark.parametrize("extended", [False, True])
def test_gene_pred(covered, tmp_path, bin_column, extended):
    path = tmp_path / "refGene.txt"
    path.write_text(gene_pred(covered, bin_column=bin_column, extended=extended))
    found = plain(load_gene_models(path).transcripts)
    expected = plain(covered)
    assert found.keys() == expected.keys()
    for key, (gene, *rest, _) in expected.items():
        assert found[key][0] == (gene if extended else key[0])
        assert list(found[key][1:4]) == rest


def test_gene_pred_of_a_non_coding_transcript(tmp_path):
    path = tmp_path / "g.txt"
    path.write_text("NR_1.1\tchr1\t+\t10\t50\t50\t50\t2\t10,40,\t20,50,\t0\tGENE\tunk\tunk\t-1,-1,\n")
    (item,) = load_gene_models(path).transcripts
    assert (item.cds, item.exons, item.gene) == (None, ((10, 20), (40, 50)), "GENE")


def test_crlf_byte_order_mark_and_other_contig_spelling(covered, reference, tmp_path):
    text = gtf(covered[:20], stop_in_cds=False, stop_rows=True).replace("\n", "\r\n")
    path = tmp_path / "m.gtf"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("chr", "").encode())
    assert plain(load_gene_models(path, reference).transcripts) == plain(covered[:20])


def test_a_transcript_without_stop_rows_among_others_with_them_stays_open(tmp_path):
    note = 'gene_id "G"; transcript_id "{}";'
    rows = [("exon", 1, 100, "A.1"), ("CDS", 11, 40, "A.1"), ("stop_codon", 41, 43, "A.1")]
    rows += [("exon", 1, 100, "B.1"), ("CDS", 11, 40, "B.1")]
    text = "".join(f"chr1\tx\t{k}\t{a}\t{b}\t.\t+\t0\t{note.format(t)}\n" for k, a, b, t in rows)
    path = tmp_path / "m.gtf"
    path.write_text(text)
    found = {item.transcript_id: item.cds for item in load_gene_models(path).transcripts}
    assert found == {"A.1": (10, 43), "B.1": (10, 40)}


def test_refused_transcripts_are_counted(tmp_path):
    lines = [
        'chr1\tx\texon\t1\t90\t.\t+\t.\tgene_id "G"; transcript_id "good.1";',
        'chr1\tx\tCDS\t1\t90\t.\t+\t0\tgene_id "G"; transcript_id "no_exon.1";',
        'chr1\tx\texon\t1\t90\t.\t+\t.\tgene_id "G"; transcript_id "two_strands.1";',
        'chr1\tx\texon\t100\t190\t.\t-\t.\tgene_id "G"; transcript_id "two_strands.1";',
        'chr1\tx\texon\t1\t90\t.\t+\t.\tgene_id "G"; transcript_id "cds_out.1";',
        'chr1\tx\tCDS\t80\t99\t.\t+\t0\tgene_id "G"; transcript_id "cds_out.1";',
    ]
    path = tmp_path / "m.gtf"
    path.write_text("\n".join(lines))
    tally = load_gene_models(path).tally
    assert (tally.read, tally.kept) == (4, 1)
    assert dict(tally.refused) == {
        "CDS outside the exons": 1,
        "no exon rows": 1,
        "one transcript on two contigs or strands": 1,
    }


def make(name, gene="GENE", length=90, contig="chr1", start=0, mane=False, cds=True):
    exons = ((start, start + length),)
    return Transcript(name, gene, contig, Strand.PLUS, exons, exons[0] if cds else None, mane)


def test_choice_named_then_mane_then_longest():
    models = GeneModels([make("NM_1.1", length=120), make("NM_2.3", mane=True), make("NM_3.1", length=60)])
    assert models.choose("GENE", "NM_3.1").transcript.transcript_id == "NM_3.1"
    assert models.choose("GENE", "NM_3").transcript.transcript_id == "NM_3.1"
    assert models.choose("", "NM_3.1").transcript.transcript_id == "NM_3.1"
    assert models.choose("GENE").transcript.transcript_id == "NM_2.3"
    plain_models = GeneModels(
        [make("NM_1.1", length=120), make("NM_0.1", length=120), make("NM_3.1", length=60)]
    )
    choice = plain_models.choose("GENE")
    assert (choice.transcript.transcript_id, choice.finding.status) == ("NM_0.1", Status.CAUTION)
    assert "longest" in choice.because
    assert GeneModels([make("NM_1.1")]).choose("gene").finding.status is Status.CAUTION
    assert (
        "no coding"
        in GeneModels([make("NR_1.1", cds=False), make("NR_2.1", cds=False)]).choose("GENE").because
    )


def test_primary_contigs_come_before_patches():
    patch = make("NM_1.1", contig="HG_PATCH", length=120, mane=True)
    models = GeneModels([patch, make("NM_1.1", contig="NC_000001.11", mane=True)])
    assert models.choose("GENE").transcript.contig == "NC_000001.11"
    assert models.by_id("NM_1.1").contig == "NC_000001.11"


@pytest.mark.parametrize(
    ("call", "code", "hint"),
    [
        (lambda m: m.choose("HBX"), "unknown-gene", "HBB"),
        (lambda m: m.choose("ZZZZZZZ"), "unknown-gene", "HGNC"),
        (lambda m: m.by_id("NM_000518.4"), "transcript-version", "NM_000518.5"),
        (lambda m: m.by_id("NM_000519.5"), "unknown-transcript", "NM_000518.5"),
        (lambda m: m.by_id("ENST00000335295.4"), "unknown-transcript", "Ensembl"),
        (lambda m: m.choose("HBB", "NM_000518.4"), "transcript-version", "NM_000518.5"),
        (lambda m: m.choose("LMNA", "NM_000518.5"), "transcript-of-other-gene", "transcript"),
        (lambda m: m.choose(""), "unknown-gene", "Name"),
    ],
)
def test_errors_of_names(models, call, code, hint):
    with pytest.raises(IncompatibleInputsError) as caught:
        call(models)
    assert caught.value.code == code
    assert hint in caught.value.remedy
    assert caught.value.where == "GRCh38.windows.refseq.gtf.gz"


def test_overlapping_equals_the_obvious(models):
    for item in models.transcripts[::50]:
        for locus in (item.locus, Locus(item.contig, item.locus.end, item.locus.end + 1)):
            slow = [other for other in models.transcripts if other.locus.overlaps(locus)]
            assert list(models.overlapping(locus)) == slow
            bare = Locus(item.contig.removeprefix("chr"), locus.start, locus.end)
            assert list(models.overlapping(bare)) == slow
    assert models.overlapping(Locus("chr9", 0, 5)) == ()


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("phase", [0, 1, 2])
def test_a_model_that_begins_within_a_codon_is_read_from_its_first_whole_codon_on(tmp_path, strand, phase):
    """As the constant genes of T-cell receptors, whose first codon is begun by another gene's exon."""
    coding = "CA"[:phase] + "GAT" * 5 + "TAA"
    cut = phase + 1 if phase else 4  # the first codon spans two exons
    exons = [coding[:cut], coding[cut:]]
    text = f"TTTT{exons[0]}GTAAGTTTTCAG{exons[1]}TTTT"
    at = [(4, 4 + cut), (len(text) - 4 - len(exons[1]), len(text) - 4)]
    if strand == "-":
        text, at = reverse_complement(text), [(len(text) - end, len(text) - start) for start, end in at]
    phases = (phase, (cut - phase) and 3 - (cut - phase) % 3)
    rows = [
        f'chr1\tx\t{kind}\t{start + 1}\t{end}\t.\t{strand}\t{frame}\tgene_id "G"; transcript_id "T.1";'
        for (start, end), frame in zip(at, phases, strict=True)
        for kind in ("exon", "CDS")
    ]
    path = tmp_path / "models.gtf"
    path.write_text("\n".join(rows) + "\n")
    reference = Reference.from_sequences({"chr1": text})
    [made] = load_gene_models(path, reference).transcripts
    parts = [reference.fetch(made.contig, start, end) for start, end in made.coding_exons]
    read = "".join(part if strand == "+" else reverse_complement(part) for part in parts)
    assert translate(read) == "DDDDD*"
    assert made.has_start is (phase == 0)


def test_a_coding_sequence_without_a_whole_codon_is_refused(tmp_path):
    rows = [f'chr1\tx\t{kind}\t1\t2\t.\t+\t2\tgene_id "G"; transcript_id "T.1";' for kind in ("exon", "CDS")]
    path = tmp_path / "models.gtf"
    path.write_text("\n".join(rows) + "\n")
    with pytest.raises(InputError, match="no whole codon in the CDS"):
        load_gene_models(path)
