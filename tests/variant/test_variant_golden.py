"""Published descriptions against their coordinates: patients, ClinVar, and the time a consequence takes."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from revertant.errors import RevertantError
from revertant.genome import GeneModels, Reference, load_gene_models
from revertant.model import Locus, Variant
from revertant.variant import (
    hgvs_c,
    hgvs_g,
    normalise,
    predict_consequence,
    resolve,
    transcript_of,
)


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> Reference:
    return Reference.open(shared_data / "genome" / "GRCh38.windows.fa.gz")


@pytest.fixture(scope="module")
def models(shared_data: Path) -> GeneModels:
    return load_gene_models(shared_data / "genome" / "GRCh38.windows.refseq.gtf.gz")


def test_every_patient_row_in_the_windows(
    reference: Reference, models: GeneModels, shared_data: Path
) -> None:
    """All 230 rows: c. and g. resolve to the coordinates, and are written back, with p., letter for letter."""
    rows = 0
    seen: dict[str, bool] = {}
    with gzip.open(shared_data / "patients" / "phenopacket_variants.jsonl.gz", "rt") as file:
        published = [json.loads(line) for line in file]
    for row in published:
        if not row["pos"] or not reference.has_contig(str(row["chrom"])):
            continue
        contig, start = reference.canonical_contig(str(row["chrom"])), int(row["pos"]) - 1
        if not reference.covers(Locus(contig, start, start + len(row["ref"]))):
            continue
        rows += 1
        if row["hgvs_c"] in seen:
            continue
        seen[row["hgvs_c"]] = True
        variant = normalise(Variant(contig, start, row["ref"], row["alt"]), reference)
        transcript = models.by_id(transcript_of(row["hgvs_c"]))
        assert resolve(row["hgvs_c"], reference, models) == variant
        assert resolve(row["hgvs_g"], reference, models) == variant
        assert hgvs_g(variant, reference) == row["hgvs_g"]
        assert hgvs_c(variant, transcript, reference) == row["hgvs_c"]
        found = predict_consequence([variant], transcript, reference)
        assert found.hgvs_c == row["hgvs_c"]
        assert found.hgvs_p == row["hgvs_p"].split(":")[1]
    assert (rows, len(seen)) == (230, 67)


def clinvar_pairs(
    shared_data: Path, reference: Reference, models: GeneModels, *, exact: bool
) -> Iterator[tuple[Variant, str]]:
    """``(variant of g., c.)`` pairs in the windows; without ``exact`` the transcript's version becomes ours."""
    ours = {transcript.transcript_id: transcript.transcript_id for transcript in models.transcripts}
    if not exact:
        ours |= {accession.split(".")[0]: accession for accession in list(ours)}
    with gzip.open(shared_data / "clinvar" / "hgvs_clinvar.tsv.gz", "rt") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    for row in rows:
        texts = row[2].split() if len(row) > 2 else []
        for genomic in texts:
            found = re.fullmatch(r"(NC_[\d.]+):g\.(\d+)(?:_(\d+))?.*[^=]", genomic)
            if found is None or not reference.has_contig(found[1]):
                continue
            if not reference.covers(Locus(found[1], int(found[2]) - 1, int(found[3] or found[2]))):
                continue
            variant = resolve(genomic, reference)
            for text in texts if exact else [text for text in texts if text.startswith("NM_")]:
                accession, _, change = text.partition(":")
                accession = accession if exact else accession.split(".")[0]
                if accession in ours:
                    yield variant, f"{ours[accession]}:{change}"


def test_clinvar_descriptions_agree(reference: Reference, models: GeneModels, shared_data: Path) -> None:
    exact = list(clinvar_pairs(shared_data, reference, models, exact=True))
    assert len(exact) == 6
    assert all(resolve(text, reference, models) == variant for variant, text in exact)
    odd = []
    pairs = list(clinvar_pairs(shared_data, reference, models, exact=False))
    for variant, text in pairs:
        try:
            agrees = resolve(text, reference, models) == variant
        except RevertantError:
            agrees = False
        if not agrees:
            odd.append(text)
    # "c.135insC" names one position where an insertion needs two: malformed in the source.
    assert (len(pairs), odd) == (171, ["NM_015166.4:c.135insC"])
