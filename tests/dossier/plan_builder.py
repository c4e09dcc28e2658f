"""A realistic plan made by hand, for the tests of the dossier.

Sequence, loci and gene model are real (GRCh38, the two windows of the built-in demos); off-target sites are
found in them by plain search with very loose limits. Shares and CFD scores are stand-ins for the layout, not
results: nothing here is to be cited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

from revertant.model import (
    Allele,
    Assessment,
    BaseChange,
    Case,
    CaseVariant,
    Consequence,
    ConsequenceTerm,
    Coverage,
    Design,
    EditingPlace,
    Effect,
    Estimate,
    Finding,
    Guide,
    InputDigest,
    Locus,
    Mechanism,
    OffTargetReport,
    OffTargetRequest,
    OffTargetSite,
    Oligo,
    Outcome,
    PamSide,
    Pathogenicity,
    Plan,
    Provenance,
    RankedDesign,
    Rejection,
    Route,
    SearchLimits,
    SequenceView,
    Site,
    SiteOrigin,
    Status,
    Strand,
    Strategy,
    Subject,
    Tally,
    Target,
    Transcript,
    Unknown,
    Variant,
    ViewSpan,
    Zygosity,
    canonical_json,
)
from revertant.policy import decide, findings_of
from revertant.sequence import matches, reverse_complement

LOCI = Path(str(files("revertant"))) / "cli" / "demo_data" / "loci.GRCh38.fa"
MAKASSAR = "doi:10.1038/s41586-021-03609-w"
NOTICE = (
    "This plan is a set of hypotheses made by software for qualified reviewers. It is not medical advice and "
    "has not been validated for any patient."
)
#: What the gate was asked; the plan itself is made by hand.
CASE = Case(
    "sickle-demo",
    Subject("s", age_years=31.0),
    (CaseVariant(("NM_000518.5:c.20A>T",), Zygosity.HOMOZYGOUS, Pathogenicity.PATHOGENIC, "HBB"),),
    jurisdiction="US",
    consent=True,
)
SICKLE = Variant("chr11", 5227001, "T", "A")
RS713040 = Variant("chr11", 5227012, "A", "G")
RS10768683 = Variant("chr11", 5226560, "C", "G")
HBB = Transcript(
    "NM_000518.5",
    "HBB",
    "chr11",
    Strand.MINUS,
    ((5225463, 5225726), (5226576, 5226799), (5226929, 5227071)),
    (5225597, 5227021),
    is_mane_select=True,
    protein_id="NP_000509.1",
)


@cache
def loci() -> dict[str, tuple[int, str]]:
    """Read the windows: contig to 0-based start and bases."""
    text = LOCI.read_text(encoding="ascii")
    found = {}
    for record in text.split(">")[1:]:
        name, *lines = record.splitlines()
        contig, _, place = name.partition(":")
        found[contig] = (int(place.partition("-")[0]) - 1, "".join(lines))
    return found


def bases(contig: str, start: int, end: int, *variants: Variant) -> str:
    """Return reference bases with substitutions put in."""
    offset, sequence = loci()[contig]
    letters = list(sequence[start - offset : end - offset])
    for variant in variants:
        if variant.contig == contig and start <= variant.start < end:
            assert letters[variant.start - start] == variant.ref
            letters[variant.start - start] = variant.alt
    return "".join(letters)


def search(spacer: str, pam: str, limit: int, *variants: Variant) -> Iterator[tuple[Locus, str, str, int]]:
    """Find every ungapped placement with at most ``limit`` mismatches, on both strands."""
    length = len(spacer) + len(pam)
    for contig, (offset, sequence) in sorted(loci().items()):
        person = bases(contig, offset, offset + len(sequence), *variants)
        for index in range(len(person) - length + 1):
            for strand in Strand:
                window = person[index : index + length]
                window = window if strand is Strand.PLUS else reverse_complement(window)
                dna, found = window[: len(spacer)], window[len(spacer) :]
                count = sum(a != b for a, b in zip(spacer, dna, strict=True))
                if count <= limit and all(matches(p, b) for p, b in zip(pam, found, strict=True)):
                    start = index + offset + (0 if strand is Strand.PLUS else len(pam))
                    yield Locus(contig, start, start + len(spacer), strand), dna, found, count


def report(
    guide: Guide, limit: int, *, scored: bool, most: int | None = None, haplotype: tuple[Variant, ...] = ()
) -> OffTargetReport:
    """Search reference and person for one guide and tell gained, changed and lost sites."""
    pam = guide.pam_pattern
    before = {locus: (dna, found, n) for locus, dna, found, n in search(guide.spacer, pam, limit)}
    after = {locus: (dna, found, n) for locus, dna, found, n in search(guide.spacer, pam, limit, *haplotype)}
    sites = []
    for locus in sorted({*before, *after}):
        if locus == guide.locus:
            continue
        old, new = before.get(locus), after.get(locus)
        origin = (
            SiteOrigin.LOST
            if new is None
            else SiteOrigin.GAINED
            if old is None
            else SiteOrigin.REFERENCE
            if old == new
            else SiteOrigin.CHANGED
        )
        dna, found, count = new or old
        whole = Locus(locus.contig, max(locus.start - 4, 0), locus.end + 4)
        near = tuple(v for v in haplotype if v.locus.overlaps(whole))
        sites.append(
            OffTargetSite(
                spacer=guide.spacer,
                locus=locus,
                pam=found,
                aligned_spacer=guide.spacer,
                aligned_target=dna,
                mismatches=count,
                origin=origin,
                haplotypes=("1",) if origin is not SiteOrigin.REFERENCE else ("1", "2"),
                variants=() if origin is SiteOrigin.REFERENCE else near,
                cfd=stand_in_score(guide.spacer, dna) if scored else None,
                reference_cfd=stand_in_score(guide.spacer, old[0])
                if scored and old and new and old != new
                else None,
                annotation="HBB" if locus.contig == "chr11" else "BCL11A intron 2",
            )
        )
    sites.sort(key=lambda site: (site.mismatches, site.locus))
    best = max((site.cfd for site in sites[:most] if site.cfd is not None), default=None)
    return OffTargetReport(
        OffTargetRequest(guide.spacer, pam, guide.pam_side, SearchLimits(limit), guide.locus),
        tuple(sites[:most]),
        coverage(),
        (
            (
                "highest CFD",
                Estimate(
                    best,
                    "CFD, 0 to 1",
                    "maximum over sites" if scored else "CFD is for 20-nt NGG guides only",
                ),
            ),
        ),
    )


def stand_in_score(spacer: str, dna: str) -> float:
    """Return a number that falls with mismatches near the PAM. It stands in for CFD to fill the drawings."""
    score = 1.0
    for place, (a, b) in enumerate(zip(spacer, dna, strict=True), start=1):
        score *= 1.0 if a == b else 0.95 - 0.02 * place
    return round(score, 6)


def coverage() -> Coverage:
    """Return the coverage of the two windows."""
    windows = tuple((c, start, start + len(sequence)) for c, (start, sequence) in sorted(loci().items()))
    total = sum(end - start for _, start, end in windows)
    return Coverage(
        total,
        windows,
        False,
        ("reference", "patient haplotypes"),
        f"{total:,} bases in 2 windows were searched, on both strands. The rest of the genome was not searched: "
        "a site outside these windows would not be seen.",
        (("records with symbolic alleles", 3),),
    )


def share(value: float | None, method: str, low: float | None = None, high: float | None = None) -> Estimate:
    """Return a share of edited alleles."""
    return Estimate(
        value,
        "share of edited alleles, 0 to 1",
        method,
        low,
        high,
        "spread between cell types" if low is not None else "",
        sources=(MAKASSAR,),
    )


def base_edit(
    pam_length: int, shift: int, effector: str, pattern: str, *variants: Variant, first: int, last: int
) -> Design:
    """Make an A-to-G design at the sickle codon; ``shift`` moves the protospacer from the Makassar guide's."""
    start = 5226995 + shift
    person = (SICKLE, *variants)
    spacer = bases("chr11", start, start + 20, *person)
    pam = bases("chr11", start + 20, start + 20 + pam_length, *person)
    near = tuple(v for v in person if start <= v.start < start + 20 + pam_length)
    guide = Guide(
        spacer, pam, pattern, PamSide.THREE_PRIME, Locus("chr11", start, start + 20), near, ("1", "2")
    )
    edits = [
        BaseChange(start + place - 1, "A", "G", place)
        for place in range(first, last + 1)
        if spacer[place - 1] == "A"
    ]
    target = next(edit for edit in edits if edit.position == SICKLE.start)
    others = [edit for edit in edits if edit is not target]
    outcomes = [
        Outcome(
            (target,), Effect.BENIGN_SUBSTITUTION, True, "p.(Glu7Ala)", "Target only", share(0.41, "profile")
        ),
        Outcome(
            tuple(sorted([target, *others])),
            Effect.BENIGN_SUBSTITUTION,
            True,
            "p.(Glu7Ala)",
            "Target and silent bystander",
            share(0.38, "profile"),
        ),
        Outcome(
            tuple(others), Effect.NO_EFFECT, False, "p.(Glu7Val)", "Bystander only", share(0.06, "profile")
        ),
        Outcome(
            (), Effect.PROTEIN_CHANGED, False, "", "Insertions and deletions", share(None, "not predicted")
        ),
    ]
    view_start, view_end = 5226984, 5227034
    spans = [
        ViewSpan("protospacer", start - view_start, start + 20 - view_start, "protospacer"),
        ViewSpan("pam", start + 20 - view_start, start + 20 + pam_length - view_start, f"PAM {pam}"),
        ViewSpan(
            "window", start + first - 1 - view_start, start + last - view_start, f"window {first} to {last}"
        ),
        ViewSpan(
            "target", SICKLE.start - view_start, SICKLE.end - view_start, f"position {target.spacer_position}"
        ),
    ]
    spans += [
        ViewSpan("bystander", edit.position - view_start, edit.position + 1 - view_start, "silent, codon 6")
        for edit in others
    ]
    spans += [
        ViewSpan("variant", v.start - view_start, v.end - view_start, name, Strand.MINUS)
        for v, name in ((SICKLE, "c.20A>T"), *((v, "rs713040") for v in variants))
    ]
    for number in range(1, 13):
        high = HBB.coding_to_genome(3 * number - 3) + 1
        if view_start <= high - 3 and high <= view_end:
            spans.append(
                ViewSpan("codon", high - 3 - view_start, high - view_start, str(number), Strand.MINUS)
            )
    return Design(
        modality="base_editing",
        route=Route.BENIGN_SUBSTITUTION,
        gene="HBB",
        acts_on="HBB c.20A>T",
        effector=effector.lower(),
        effector_name=effector,
        guides=(guide,),
        purpose="Turns the sickle valine (GTG) into alanine (GCG), which is haemoglobin G-Makassar, a known "
        "benign haemoglobin. It does not restore the wild type.",
        outcomes=tuple(outcomes),
        useful_share=share(0.79, "per-position profile of the editor, product over the window", 0.68, 0.86),
        oligos=(
            Oligo(
                f"{effector}-sense",
                "CACC" + "G" + spacer,
                "top strand, BsaI or BbsI overhang, G for the U6 start",
            ),
            Oligo(f"{effector}-antisense", "AAAC" + reverse_complement(spacer) + "C", "bottom strand"),
        ),
        view=SequenceView(
            Locus("chr11", view_start, view_end), bases("chr11", view_start, view_end, *person), tuple(spans)
        ),
        facts=(("Editor cargo", "5.4 kb"), ("Chemistry", "A·T to G·C"), ("Target strand", "forward")),
        precedent=(MAKASSAR,) if shift == 0 else (),
    )


def regulatory_knock_out() -> Design:
    """Make the BCL11A +58 design (minus strand)."""
    offset, sequence = loci()["chr2"]
    index = sequence.find(reverse_complement("CTAACAGTTGCTTTTATCACAGG"))
    start = offset + index + 3
    guide = Guide(
        "CTAACAGTTGCTTTTATCAC",
        "AGG",
        "NGG",
        PamSide.THREE_PRIME,
        Locus("chr2", start, start + 20, Strand.MINUS),
        haplotypes=("1", "2"),
    )
    view_start, view_end = start - 14, start + 36
    cut = start + 3 - view_start
    motif = sequence.find("GATAA", start - offset)
    assert start - offset <= motif < start - offset + 20
    motif += offset - view_start
    return Design(
        modality="nuclease",
        route=Route.DISRUPT_REGULATORY_SITE,
        gene="HBB",
        acts_on="BCL11A +58 erythroid enhancer",
        effector="spcas9",
        effector_name="SpCas9",
        guides=(guide,),
        purpose="Breaks the GATA1 motif of the BCL11A erythroid enhancer, so that fetal haemoglobin comes back. "
        "The sickle allele itself stays as it is.",
        outcomes=(
            Outcome(
                (),
                Effect.DISRUPTS_SITE,
                True,
                "",
                "Motif lost by insertion or deletion",
                share(None, "no indel model for this locus"),
            ),
            Outcome(
                (), Effect.NO_EFFECT, False, "", "Motif kept", share(None, "no indel model for this locus")
            ),
        ),
        useful_share=share(None, "no indel model for this locus"),
        oligos=(Oligo("BCL11A-sgRNA", guide.spacer, "spacer of a synthetic guide RNA"),),
        view=SequenceView(
            Locus("chr2", view_start, view_end),
            bases("chr2", view_start, view_end),
            (
                ViewSpan(
                    "protospacer", start - view_start, start + 20 - view_start, "protospacer", Strand.MINUS
                ),
                ViewSpan("pam", start - 3 - view_start, start - view_start, "PAM", Strand.MINUS),
                ViewSpan("cut", cut, cut, "3 bases from the PAM", Strand.MINUS),
                ViewSpan("motif", motif, motif + 5, "GATA1 motif"),
            ),
        ),
        facts=(("Nuclease CDS", "4.1 kb"), ("Ends", "blunt")),
        precedent=("PMID:33283989",),
    )


def findings(*, breaks: bool) -> tuple[Finding, ...]:
    """Return findings of every status."""
    return (
        Finding(
            "editing.target_base",
            Status.PASS,
            "The target base lies in the editing window.",
            "position 7",
            "4 to 8",
            (MAKASSAR,),
        ),
        Finding(
            "delivery.vehicle_reaches_tissue",
            Status.PASS,
            "Electroporation brings the editor as mRNA into CD34+ blood stem cells outside the body.",
            "electroporation, mRNA",
            "",
            ("doi:10.1056/NEJMoa2031054",),
            checked=False,
        ),
        Finding(
            "damage.double_strand_break",
            Status.CAUTION if breaks else Status.PASS,
            "A double-strand break can leave large deletions, loss of heterozygosity and chromothripsis, and can start a p53 response."
            if breaks
            else "The editor nicks one strand and makes few double-strand breaks.",
            sources=("doi:10.1038/nbt.4192", "PMID:33846636"),
        ),
        Finding(
            "immunity.editor",
            Status.UNKNOWN,
            "No antibody titre against Cas9 was given; many adults have one.",
            "no titre",
            "",
            ("PMID:30692695",),
        ),
        Finding(
            "conditioning.busulfan",
            Status.CAUTION,
            "Cells edited outside the body need myeloablative conditioning, which can take fertility.",
            "",
            "",
            ("label:exagamglogene autotemcel 2023-12",),
            checked=False,
        ),
        Finding(
            "offtarget.genome_wide",
            Status.UNKNOWN,
            "The search covered two windows, not the genome.",
            "3,891 bases",
            "whole genome",
        ),
        Finding(
            "precedent.published",
            Status.PASS,
            "This spacer and effector class have been used in a publication.",
            sources=(MAKASSAR,),
        ),
        Finding("splice.site", Status.NOT_APPLICABLE, "No splice site lies in the editing window."),
    )


def ranked(
    rank: int,
    group: str,
    tier: str,
    because: str,
    design: Design,
    *reports: OffTargetReport,
    front: bool = False,
    notes: tuple[Finding, ...] = (),
) -> RankedDesign:
    """Put a design in its place."""
    return RankedDesign(
        rank, group, tier, because, front, design, Assessment(design.design_id, notes, reports)
    )


def allele(variant: Variant, zygosity: Zygosity, **more: object) -> Allele:
    """Make an allele of HBB: the sickle variant, a synonymous one, or the loss of exon 2."""
    consequences = {
        SICKLE: Consequence(
            "NM_000518.5",
            "HBB",
            (ConsequenceTerm.MISSENSE,),
            "NM_000518.5:c.20A>T",
            "p.(Glu7Val)",
            "GAG",
            "GTG",
            "E",
            "V",
            7,
            None,
            1,
        ),
        RS713040: Consequence(
            "NM_000518.5",
            "HBB",
            (ConsequenceTerm.SYNONYMOUS,),
            "NM_000518.5:c.9T>C",
            "p.(His3=)",
            "CAT",
            "CAC",
            "",
            "",
            3,
            None,
            1,
        ),
    }
    whole_exon = Consequence(
        "NM_000518.5", "HBB", (ConsequenceTerm.FRAMESHIFT,), "NM_000518.5:c.93_315del", exon=2
    )
    hgvs_g = f"NC_000011.10:g.{variant.start + 1}{variant.ref}>{variant.alt}" if len(variant.ref) == 1 else ""
    consequence = consequences.get(variant, whole_exon)
    return Allele(variant, zygosity, Pathogenicity.PATHOGENIC, consequence, hgvs_g, **more)


def sickle_target() -> Target:
    """Return the target of the sickle-cell plan."""
    return Target(
        gene="HBB",
        transcript=HBB,
        alleles=(allele(SICKLE, Zygosity.HOMOZYGOUS, copies=(True, True)),),
        mechanism=Mechanism.GAIN_OF_FUNCTION,
        mechanism_because="Haemoglobin S polymerises when it gives off oxygen; the gene catalogue says so.",
        biallelic=True,
        inheritance="AR",
        haploinsufficient=False,
        tissues=("CD34+ blood stem cells",),
        editing_place=EditingPlace.EX_VIVO,
        sites=(
            Site(
                "bcl11a_plus58_gata",
                "BCL11A +58 erythroid enhancer",
                Locus("chr2", 60495260, 60495290),
                "TTATC",
                "brings fetal haemoglobin back",
                ("doi:10.1038/nature15521",),
            ),
        ),
        transcript_because="MANE Select; the case names no other.",
        sources=("OMIM:141900",),
        findings=(
            Finding(
                "target.transcript",
                Status.PASS,
                "The transcript is MANE Select.",
                "NM_000518.5",
                "",
                ("RefSeq 110",),
            ),
        ),
    )


def provenance() -> Provenance:
    """Return a provenance without real digests."""
    return Provenance(
        "revertant",
        "0.1.0",
        (InputDigest("case", "sickle.yaml", "0" * 64), InputDigest("reference", "loci.GRCh38.fa", "1" * 64)),
        (("editors", "a1b2c3d4e5f6"), ("genes", "0f1e2d3c4b5a")),
        (("mismatches", "9"), ("seed", "0")),
    )


@cache
def sickle_plan(*, most_sites: int | None = 60) -> Plan:
    """Return the plan of a homozygote with sickle-cell disease."""
    target = sickle_target()
    edits = [
        base_edit(4, 0, "ABE8e-NRCH", "NRCH", first=3, last=9),
        base_edit(3, -1, "ABE8e-SpRY", "NRN", first=3, last=9),
        base_edit(3, 1, "ABE8e-SpRY", "NRN", first=3, last=9),
    ]
    knock_out = regulatory_knock_out()
    haplotype = (SICKLE, RS713040, RS10768683)
    edit_reports = [
        report(e.guides[0], 11, scored=False, most=most_sites, haplotype=haplotype) for e in edits
    ]
    cut_report = report(knock_out.guides[0], 11, scored=True, most=most_sites, haplotype=haplotype)
    notes = findings(breaks=False)
    variant_notes = (
        *notes[1:],
        replace(notes[0], status=Status.CAUTION, because="The target base lies at the edge of the window."),
    )
    reasons = (
        "First because it changes the sickle codon itself, has a published precedent and no coding bystander.",
        "Same edit as the first, without a precedent.",
        "Same edit as the first, with the target base nearer the edge of the window.",
        "Behind the base editors because it leaves the sickle allele in place and makes double-strand breaks; it has the strongest clinical precedent.",
    )
    designs = (
        ranked(
            1,
            "makassar",
            "Changes the disease allele",
            reasons[0],
            edits[0],
            edit_reports[0],
            front=True,
            notes=notes,
        ),
        ranked(
            2,
            "bcl11a",
            "Acts around the disease allele",
            reasons[3],
            knock_out,
            cut_report,
            front=True,
            notes=findings(breaks=True),
        ),
        ranked(
            3,
            "makassar",
            "Changes the disease allele",
            reasons[1],
            edits[1],
            edit_reports[1],
            notes=variant_notes,
        ),
        ranked(
            4,
            "makassar",
            "Changes the disease allele",
            reasons[2],
            edits[2],
            edit_reports[2],
            notes=variant_notes,
        ),
    )
    not_reachable = Finding(
        "chemistry.transversion",
        Status.FAIL,
        "Restoring A from T is a transversion; adenine and cytosine base editors make transitions.",
        "T>A",
        "A>G or C>T",
        ("doi:10.1038/nature17946",),
    )
    strategies = (
        Strategy(
            "base_editing",
            Route.BENIGN_SUBSTITUTION,
            target,
            (
                Finding(
                    "eligibility.benign_substitution",
                    Status.PASS,
                    "Val to Ala gives haemoglobin G-Makassar.",
                    sources=(MAKASSAR,),
                ),
            ),
            target.alleles[0],
        ),
        Strategy("base_editing", Route.RESTORE_WILD_TYPE, target, (not_reachable,), target.alleles[0]),
        Strategy(
            "nuclease",
            Route.DISRUPT_REGULATORY_SITE,
            target,
            (
                Finding(
                    "eligibility.named_site",
                    Status.PASS,
                    "A named site treats this disease.",
                    sources=("PMID:33283989",),
                ),
            ),
            site=target.sites[0],
        ),
        Strategy(
            "nuclease",
            Route.KNOCK_OUT,
            target,
            (
                Finding(
                    "eligibility.knock_out",
                    Status.FAIL,
                    "Both copies carry the variant and the gene is needed: a knock-out would be beta-thalassaemia.",
                ),
            ),
        ),
    )
    decision = decide(CASE)
    return Plan(
        schema="revertant.plan/1",
        case_id="sickle-demo",
        question="Which somatic gene therapy could treat sickle-cell disease in a person homozygous for HBB c.20A>T?",
        verdict="Two routes are open. An adenine base editor can turn the sickle codon into a benign one; disrupting the BCL11A enhancer can bring fetal haemoglobin back.",
        gate=findings_of(decision),
        decision_log=canonical_json(decision.as_json(), indent=1) + "\n",
        targets=(target,),
        strategies=strategies,
        designs=designs,
        rejections=(
            Rejection(
                "base_editing",
                Route.RESTORE_WILD_TYPE,
                "HBB c.20A>T",
                "eligibility",
                "Restoring the wild type would turn T into A. That is a transversion, and base editors make transitions.",
                (not_reachable,),
            ),
            Rejection(
                "nuclease",
                Route.KNOCK_OUT,
                "HBB",
                "eligibility",
                "Both copies carry the variant and the gene is needed: a knock-out would be beta-thalassaemia.",
                strategies[3].findings,
            ),
            Rejection(
                "nuclease",
                Route.ALLELE_SPECIFIC_KNOCK_OUT,
                "HBB c.20A>T",
                "eligibility",
                "The person is homozygous: there is no intact allele to spare.",
            ),
        ),
        unknowns=(
            Unknown(
                "Are there off-target sites outside the two windows?",
                "A site in a coding exon elsewhere would change the order of the designs.",
                "Run the plan again with the whole GRCh38 reference.",
                "offtarget.genome_wide",
            ),
            Unknown(
                "Does this person carry antibodies or T cells against Cas9?",
                "They may clear edited cells or cause inflammation.",
                "Order an anti-SpCas9 binding and T-cell assay.",
                "immunity.editor",
            ),
            Unknown(
                "How much fetal haemoglobin would come back?",
                "It decides how the enhancer route compares with the base editor.",
                "Edit the person's own CD34+ cells and measure HbF after erythroid culture.",
            ),
        ),
        coverage=coverage(),
        tallies=(
            Tally.of("VCF records", kept=2, refused=["symbolic allele"] * 3),
            Tally.of(
                "guides at HBB c.20A>T",
                kept=3,
                refused=["target base outside the window"] * 34 + ["no PAM"] * 3,
            ),
        ),
        provenance=provenance(),
        notice=NOTICE,
    )


@cache
def patient_plan() -> Plan:
    """Return a plan for a compound heterozygote whose guide carries rs713040, with an indel in view."""
    plan = sickle_plan(most_sites=8)
    own = base_edit(4, 0, "ABE8e-NRCH", "NRCH", RS713040, first=3, last=9)
    view = own.view
    assert view is not None
    shifted = SequenceView(view.locus, view.bases[:30] + view.bases[31:], ())
    target = plan.targets[0]
    carried = allele(SICKLE, Zygosity.HETEROZYGOUS, copies=(True, False), phase_set="5226000")
    other = allele(RS713040, Zygosity.HETEROZYGOUS)
    long_deletion = Variant("chr11", 5226576, bases("chr11", 5226576, 5226799), "")
    target = replace(
        target, alleles=(carried, other, allele(long_deletion, Zygosity.HETEROZYGOUS)), biallelic=None
    )
    lead = replace(plan.designs[0], design=own)
    second = replace(plan.designs[1], design=replace(plan.designs[1].design, view=shifted))
    question = (
        "Which somatic gene therapy could treat a person who carries HBB c.20A>T and a deletion of exon 2?"
    )
    return replace(
        plan,
        case_id="compound",
        question=question,
        targets=(target,),
        designs=(lead, second, *plan.designs[2:]),
    )


def empty_plan() -> Plan:
    """Return a plan without designs, search, unknowns or strategies."""
    plan = sickle_plan(most_sites=0)
    return replace(
        plan,
        case_id="nothing",
        verdict="No design is offered: every route ends before a molecule can be made.",
        gate=(),
        targets=(),
        strategies=(),
        designs=(),
        unknowns=(),
        coverage=None,
        tallies=(),
    )


def bare_plan() -> Plan:
    """Return a plan whose one design was never assessed."""
    plan = sickle_plan(most_sites=0)
    design = replace(plan.designs[0].design, outcomes=(), view=None, useful_share=None, oligos=())
    return replace(plan, designs=(ranked(1, "g", "tier", "only one", design),), coverage=None, rejections=())


@cache
def large_plan(sites: int = 2000, variants: int = 0) -> Plan:
    """Return a plan with many sites for its nuclease guide, and many variants of its first design."""
    plan = sickle_plan(most_sites=20)
    knock_out = plan.designs[1]
    found = report(knock_out.design.guides[0], 20, scored=True, most=sites)
    assert len(found.sites) == min(sites, len(found.sites))
    # The two windows hold fewer NGG sites than a large plan has: real sites stand in for further ones.
    more = [
        replace(site, annotation=f"row {number}")
        for number, site in enumerate(found.sites * (sites // len(found.sites) + 1), start=1)
    ]
    assessment = replace(knock_out.assessment, off_targets=(replace(found, sites=tuple(more[:sites])),))
    designs = [plan.designs[0], replace(knock_out, assessment=assessment), *plan.designs[2:]]
    for number in range(variants):
        design = replace(plan.designs[2].design, effector=f"abe-{number}", effector_name=f"ABE {number}")
        designs.append(replace(plan.designs[2], rank=5 + number, design=design))
    return replace(plan, designs=tuple(designs))


def hostile(value: object, poison: str) -> object:
    """Put a hostile text into every text field of a value, keeping what must stay well-formed."""
    if isinstance(value, Enum) or not (isinstance(value, str | tuple) or is_dataclass(value)):
        return value
    if isinstance(value, str):
        return f"{value}{poison}"
    if isinstance(value, tuple):
        return tuple(hostile(item, poison) for item in value)
    kept = {"ref", "alt", "exons", "cds", "decision_log"}
    changed = {
        field.name: hostile(getattr(value, field.name), poison)
        for field in fields(value)
        if field.name not in kept
        and not (isinstance(value, BaseChange) and field.name in {"before", "after"})
    }
    return replace(value, **changed)


def in_rank_order(plan: Plan) -> bool:
    """Whether the designs stand in rank order."""
    return all(a.rank < b.rank for a, b in pairwise(plan.designs))
