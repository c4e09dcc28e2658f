"""Real stretches of GRCh38 with the first exons of genes that are edited in T cells.

TRAC joins the amplicon of the test data with the stretch of the same public record that gave the other three
(repository cnobles/iGUIDE, tools/iguideSupport/tests/testthat/test_getSiteSeqs.R, read at e911718: 100 bases before and
30 behind a place of hg38, written by BSgenome). Where they lie is said there; the CHANGE-seq guides of TRAC and B2M,
whose places another record gives, and the overlap of 75 bases agree to the base, which tests hold.

A gene model for a window must end within it, so a made-up last exon with a stop codon stands behind each stretch.
"""

from __future__ import annotations

from revertant.genome import GeneModels, PatientGenome, Reference
from revertant.genome.models import load_gene_models
from revertant.model import Call
from revertant.sequence import reverse_complement

#: The first exon of TRAC from its own amplicon on: see TRAC_START.
TRAC_AMPLICON = (
    "GTGATATACACATCAGAATCCTTACTTTGTGACACATTTGTTTGAGAATCAAAATCGGTGAATAGGCAGACAGACTTGTCACTGGATTTAGAGTCTCTCAGCTGG"
    "TACACGGCAGGGTCAGGGTTCTGGATATCTGTGGGACAAGAGGATCAGGGTTAGGACATGATCTCATTTCCCTCTTTGCCCCAACCCAGGCTGGAGTCCAGATGC"
    "CAGTGATGGACAA"
)
TRAC_PIECE = (
    "GTCTGTCTGCCTATTCACCGATTTTGATTCTCAAACAAATGTGTCACAAAGTAAGGATTCTGATGTGTATATCACAGACAAAACTGTGCTAGACATGAGGTCTAT"
    "GGACTTCAAGAGCAACAGTGCTGTGG"
)
#: As the record has it, on the strand opposite to the gene.
B2M_PIECE = (
    "CAGAGGGTGCAGAGCGGGAGAGGAAGGACCAGAGCGGGAGGGTAGGAGAGACTCACGCTGGATAGCCTCCAGGCCAGAAAGAGAGAGTAGCGCGAGCACAGCTAA"
    "GGCCACGGAGCGAGACATCTCGGCCC"
)
TRBC1_PIECE = (
    "GAGCAGCCGCCTGAGGGTCTCGGCCACCTTCTGGCAGAACCCCCGCAACCACTTCCGCTGTCAAGTCCAGTTCTACGGGCTCTCGGAGAATGACGAGTGGACCCA"
    "GGATAGGGCCAAACCCGTCACCCAGA"
)
TRBC2_PIECE = TRBC1_PIECE.replace("AAACCCGTC", "AAACCTGTC")
OVERLAP = 75
#: Bases of the chromosome before each stretch, and where its first exon or coding sequence begins (0-based).
TRAC_START, TRAC_EXON = 22_547_415, 22_547_505
B2M_START, B2M_CODING, B2M_DONOR = 44_711_538, 44_711_546, 44_711_613
TRBC1_START, TRBC2_START = 142_791_919, 142_801_266

TRAC = reverse_complement(TRAC_AMPLICON) + TRAC_PIECE[OVERLAP:]
B2M = reverse_complement(B2M_PIECE)
#: Codons without a base that ends the protein when it is edited, and no PAM, behind which the model stops.
_REST, _STOP = "GATACT" * 30, "TAA"


def windows() -> dict[str, str]:
    """The stretches by their windows' names, each with its made-up end; B2M has an intron before it."""
    made = {
        "chr14": [(TRAC_START, TRAC + "CT" + _REST + _STOP)],
        "chr15": [(B2M_START, B2M + "ATATATATATTTCTTTTCAG" + "AC" + _REST + _STOP + "ATAT")],
        "chr7": [
            (TRBC1_START, TRBC1_PIECE + "CT" + _REST + _STOP),
            (TRBC2_START, TRBC2_PIECE + "CT" + _REST + _STOP),
        ],
    }
    return {
        f"{contig}:{start + 1}-{start + len(bases)}": bases
        for contig, found in made.items()
        for start, bases in found
    }


def rows() -> str:
    """Gene models as GTF: TRAC and the beta genes begin within a codon, as in GENCODE, and B2M with its start codon."""
    trac = TRAC_EXON, TRAC_START + len(TRAC + "CT" + _REST + _STOP)
    second = B2M_START + len(B2M) + 20
    genes = (
        ("TRAC", "chr14", ((*trac, "2"),)),
        (
            "B2M",
            "chr15",
            ((B2M_CODING, B2M_DONOR, "0"), (second, second + 2 + len(_REST + _STOP), "2")),
        ),
        ("TRBC1", "chr7", ((TRBC1_START, TRBC1_START + 133 + len(_REST + _STOP), "1"),)),
        ("TRBC2", "chr7", ((TRBC2_START, TRBC2_START + 133 + len(_REST + _STOP), "1"),)),
    )
    return "".join(
        f"{contig}\ttest\t{kind}\t{start + 1}\t{end}\t.\t+\t{phase if kind == 'CDS' else '.'}\t"
        f'gene_id "{gene}"; transcript_id "{gene}-test.1";\n'
        for gene, contig, exons in genes
        for start, end, phase in exons
        for kind in ("exon", "CDS")
    )


def t_cell_genome(folder, calls: tuple[Call, ...] = ()) -> tuple[PatientGenome, GeneModels]:
    """A person's genome over the windows, with gene models."""
    fasta, models = write_files(folder)
    reference = Reference.open(fasta)
    return PatientGenome(reference, list(calls)), load_gene_models(models, reference)


def write_files(folder):
    """Write the windows and the gene models, and return their paths."""
    fasta, models = folder / "t_cell_genes.fa", folder / "t_cell_genes.gtf"
    if not fasta.exists():
        fasta.write_text("".join(f">{name}\n{bases}\n" for name, bases in windows().items()))
        models.write_text(rows())
    return fasta, models
