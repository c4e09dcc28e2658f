"""Screening records: from a tool, from a certificate, or not screened; nothing is cleared here."""

from __future__ import annotations

import datetime as dt
import json
import stat
import sys

import pytest

from revertant.errors import InputError, UsageError
from revertant.knowledge import vector_parts
from revertant.model import Status
from revertant.policy import (
    Ordered,
    ScreeningState,
    expected_parts,
    not_screened,
    read_certificate,
    read_commec,
    read_order,
    run_commec,
    screening_findings,
)
from revertant.sequence import reverse_complement

PARTS = vector_parts()
WPRE = PARTS["wpre3"].sequence
CASSETTE = Ordered("cassette", "ACGT" * 20 + WPRE + "TTGA" * 10)
PLAIN = Ordered("plain", "ACGTTGCA" * 20)
FORMS = ["0.1", "0.4"]


def commec_json(form, *rows):
    """What commec writes: form 0.1 has its statuses under `recommendation`, 0.4 under `status` with shorter keys."""
    queries = {}
    for name, length, statuses, hits in rows:
        whole, biorisk, protein, nucleotide = statuses
        if form == "0.1":
            said = {
                "recommendation": {
                    "screen_status": whole,
                    "biorisk_status": biorisk,
                    "protein_taxonomy_status": protein,
                    "nucleotide_taxonomy_status": nucleotide,
                    "benign_status": "Pass",
                }
            }
        else:
            said = {
                "status": {
                    "screen_status": whole,
                    "biorisk": biorisk,
                    "protein_taxonomy": protein,
                    "nucleotide_taxonomy": nucleotide,
                    "low_concern": "Pass",
                    "rationale": "-",
                }
            }
        queries[name] = {
            "query": name,
            "length": length,
            **said,
            "hits": {
                hit: {
                    "recommendation": {"status": status, "from_step": "Nucleotide Taxonomy Search"},
                    "name": f"  {hit}",
                    "description": "made up",
                    "ranges": [
                        {
                            "e_value": 0.0,
                            "match_start": 1,
                            "match_end": 9,
                            "query_start": first,
                            "query_end": last,
                        }
                    ],
                    "annotations": {},
                }
                for hit, status, first, last in hits
            },
        }
    info = {"commec_version": "1.0.2", "json_output_version": form, "date_run": "2026-11-26 10:00:00"}
    return json.dumps({"commec_info": info, "queries": queries})


PASS = ("Pass", "Pass", "Pass", "Pass")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("statuses", "hits", "state", "says"),
    [
        (PASS, (), ScreeningState.CLEAR, "every search was made"),
        (("Flag (Cleared)", "Pass", "Pass", "Flag (Cleared)"), (), ScreeningState.CLEAR, "flag (cleared)"),
        (
            ("Flag (Cleared)", "Pass", "Pass", "Flag (Cleared)"),
            (("x", "Flag (Cleared)", 90, 120),),
            ScreeningState.CLEAR,
            "flag (cleared)",
        ),
        (
            ("Flag", "Pass", "Pass", "Flag"),
            (("x", "Flag", 90, 120),),
            ScreeningState.REVIEW,
            "1 of them in expected",
        ),
        (
            ("Flag", "Pass", "Pass", "Flag"),
            (("x", "Flag", 20, 120),),
            ScreeningState.REVIEW,
            "0 of them in expected",
        ),
        (("Warning", "Pass", "Pass", "Pass"), (), ScreeningState.REVIEW, "0 hits stand"),
        (
            ("Pass", "Pass", "Skip", "Skip"),
            (),
            ScreeningState.NOT_SCREENED,
            "protein_taxonomy, nucleotide_taxonomy",
        ),
        (("Skip", "Skip", "Skip", "Skip"), (), ScreeningState.NOT_SCREENED, "biorisk"),
        (("Error", "Error", "-", "-"), (), ScreeningState.NOT_SCREENED, "error"),
        (("-", "Pass", "Pass", "Pass"), (), ScreeningState.NOT_SCREENED, "the whole screen"),
        # Whatever a tool says of the whole: a hit that stands needs review.
        (PASS, (("x", "Flag", 90, 120),), ScreeningState.REVIEW, "1 hits stand"),
    ],
)
def test_what_commec_says(form, statuses, hits, state, says):
    text = commec_json(form, ("order1", len(CASSETTE.sequence), statuses, hits))
    [record] = read_commec(text, [CASSETTE])
    assert record.state is state
    assert says in record.because
    assert record.method.startswith("commec 1.0.2") or state is ScreeningState.NOT_SCREENED
    assert record.sha256 == CASSETTE.sha256
    assert [part.key for part in record.expected] == ["wpre3"]


def test_a_hit_in_an_expected_part_is_named_and_not_cleared():
    hit = ("WHV", "Flag", 100, 81)  # the other strand, counted from 1
    text = commec_json("0.4", ("cassette", len(CASSETTE.sequence), ("Flag", "Pass", "Pass", "Flag"), (hit,)))
    [record] = read_commec(text, [CASSETTE])
    assert (record.hits[0].name, record.hits[0].ranges, record.hits[0].expected) == (
        "WHV",
        ((80, 100),),
        ("wpre3",),
    )
    [said, *_] = screening_findings(record)
    assert said.status is Status.CAUTION


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"commec_info": {"commec_version": "1", "json_output_version": "1"}, "queries": []}',
        commec_json("0.4", ("order1", 7, PASS, ())),  # another sequence
    ],
)
def test_what_is_no_result_is_refused(text):
    with pytest.raises(InputError, match="no output of commec"):
        read_commec(text, [CASSETTE])


def test_a_sequence_the_tool_says_nothing_of_is_not_screened():
    text = commec_json("0.4", ("order1", len(PLAIN.sequence), PASS, ()))
    first, second = read_commec(text, [PLAIN, CASSETTE])
    assert (first.state, second.state) == (ScreeningState.CLEAR, ScreeningState.NOT_SCREENED)


@pytest.fixture
def tool(tmp_path):
    """A small program that answers as commec does: it takes the same words and writes its result in the same place."""

    def make(result, status=0):
        answer = tmp_path / "answer.json"
        answer.write_text(result, encoding="utf-8")
        program = tmp_path / "commec"
        program.write_text(
            f"#!{sys.executable}\n"
            "import pathlib, sys\n"
            "verb, d, databases, o, prefix, fasta = sys.argv[1:]\n"
            'assert (verb, d, o) == ("screen", "-d", "-o")\n'
            'assert pathlib.Path(fasta).read_text().startswith(">order1\\n")\n'
            f"answer = pathlib.Path({str(answer)!r}).read_text()\n"
            'pathlib.Path(prefix + "_config.json").write_text("{}")\n'
            "if answer:\n"
            '    pathlib.Path(prefix + ".output.json").write_text(answer)\n'
            f"sys.exit({status})\n",
            encoding="utf-8",
        )
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return str(program)

    return make


def test_the_tool_is_run_where_it_is_installed(tool, tmp_path):
    result = commec_json(
        "0.4", ("order1", len(PLAIN.sequence), PASS, ()), ("order2", len(CASSETTE.sequence), PASS, ())
    )
    records = run_commec([PLAIN, CASSETTE], tmp_path, executable=tool(result))
    assert [record.state for record in records] == [ScreeningState.CLEAR] * 2
    assert records[0].made_on == "2026-11-26 10:00:00"


def test_a_tool_that_fails_or_says_nothing_is_no_screen(tool, tmp_path):
    with pytest.raises(InputError, match="status 3"):
        run_commec([PLAIN], tmp_path, executable=tool(commec_json("0.4"), status=3))
    with pytest.raises(InputError, match="wrote 0 results"):
        run_commec([PLAIN], tmp_path, executable=tool(""))
    with pytest.raises(UsageError, match="not installed"):
        run_commec([PLAIN], tmp_path, executable="no-such-screening-tool")


def certificate(*rows, **changes):
    head = {"provider": "Maker", "tool": "T 1", "date": "2026-11-20", "reference": "C-7", **changes}
    lines = [f'{key} = "{value}"' for key, value in head.items()]
    for digest, result in rows:
        lines += ["[[sequence]]", f'sha256 = "{digest}"', f'result = "{result}"']
    return "\n".join(lines)


def test_a_certificate_is_held_against_the_digests():
    text = certificate((PLAIN.sha256, "clear"), (CASSETTE.sha256, "needs review"))
    other = Ordered("other", "ACGT" * 30)
    records = read_certificate(text, [PLAIN, CASSETTE, other])
    assert [record.state for record in records] == [
        ScreeningState.CLEAR,
        ScreeningState.REVIEW,
        ScreeningState.NOT_SCREENED,
    ]
    assert (records[0].method, records[0].made_on) == ("certificate C-7 of Maker, T 1", "2026-11-20")
    assert "does not name this sequence" in records[2].because
    with pytest.raises(InputError, match="1 sequences that are not in the order"):
        read_certificate(text, [PLAIN])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "= 3",
        certificate(("0" * 64, "fine")),
        certificate(("0" * 64, "not screened")),
        certificate(("0" * 64, "clear"), date="soon"),
        certificate(),
        'provider = "M"\ntool = "T"\nreference = "R"\ndate = "2026-01-01"\nsequence = 3',
    ],
)
def test_what_is_no_certificate_is_refused(text):
    with pytest.raises(InputError, match="no screening certificate"):
        read_certificate(text, [PLAIN])


@pytest.mark.parametrize("key", [key for key, part in PARTS.items() if part.virus and part.sequence])
def test_every_part_from_a_virus_is_named_on_either_strand(key):
    part = PARTS[key]
    for bases in (part.sequence, reverse_complement(part.sequence)):
        found = {one.key: one for one in expected_parts(f"ACGTA{bases}GG")}
        assert (found[key].start, found[key].end, found[key].virus) == (5, 5 + len(bases), part.virus)
    changed = ("A" if part.sequence[9] != "A" else "C").join([part.sequence[:9], part.sequence[10:]])
    if not part.protein:
        assert key not in {one.key for one in expected_parts(changed)}


def test_a_peptide_is_found_however_it_is_coded():
    residues = {"A": "GCC", "R": "CGA", "N": "AAC", "D": "GAC", "C": "TGC", "Q": "CAA", "E": "GAA", "G": "GGA", "L": "TTA",
                "K": "AAA", "P": "CCA", "S": "AGC", "T": "ACA", "V": "GTA", "Y": "TAC", "F": "TTC", "H": "CAC", "I": "ATA",
                "M": "ATG", "W": "TGG"}  # fmt: skip
    coded = "".join(residues[letter] for letter in PARTS["t2a"].protein)
    assert coded != PARTS["t2a"].sequence
    for frame in range(3):
        sequence = "A" * frame + coded + "CC"
        [part] = expected_parts(sequence)
        assert (part.key, part.start, part.end) == ("t2a", frame, frame + len(coded))
        [part] = expected_parts(reverse_complement(sequence))
        assert (part.start, part.end) == (2, 2 + len(coded))


def test_a_promoter_that_is_not_a_virus_has_no_expected_hits():
    assert PARTS["promoter_efs"].virus == ""
    assert expected_parts(PARTS["promoter_efs"].sequence) == ()
    assert [part.key for part in expected_parts(PARTS["promoter_efs"].sequence + WPRE)] == ["wpre3"]


def test_findings_say_what_to_do():
    def said(record, **where):
        return [(one.rule, one.status) for one in screening_findings(record, **where)]

    nobody = "No tool and no certificate."
    short, middle = (not_screened(Ordered("o", "ACGTTGCAAC" * n), nobody) for n in (4, 12))
    assert said(short) == [("biosecurity.screen", Status.NOT_APPLICABLE)]
    assert said(middle) == [("biosecurity.screen", Status.UNKNOWN), ("policy.B1", Status.UNKNOWN)]
    day = dt.date(2026, 10, 13)
    rules = [rule for rule, _ in said(middle, jurisdiction="US", on_date=day)]
    assert rules == ["biosecurity.screen", "policy.B1", "policy.B3", "policy.B4"]
    assert "revertant policy screen" in screening_findings(middle)[0].because
    [clear] = read_certificate(certificate((PLAIN.sha256, "clear")), [PLAIN])
    assert said(clear) == [("biosecurity.screen", Status.PASS)]


def test_orders_are_read_from_sheets_and_fasta():
    sheet = "what\tfile\tsequence\ncassette\ta.gb\tACGTN\n\tb.gb\tACGTAA\n"
    assert read_order(sheet) == (Ordered("cassette", "ACGTN"), Ordered("sequence 2", "ACGTAA"))
    assert read_order("name\tsequence\ng1\tACGT\n") == (Ordered("g1", "ACGT"),)
    assert read_order("\n>a b\nAC\n\nGT\n>\nAA") == (Ordered("a b", "ACGT"), Ordered("sequence 2", "AA"))


@pytest.mark.parametrize("text", ["", "what\tfile\na\tb\n", ">a\n\n", ">a\nMKV!\n", "what\tsequence\na\t\n"])
def test_orders_without_dna_are_refused(text):
    with pytest.raises(InputError):
        read_order(text)
