"""``revertant offtargets`` in bad hands: wrong files, wrong places, streams that close, a process that is stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from importlib.resources import files
from pathlib import Path

import pytest

from revertant.cli import main

DATA = Path(str(files("revertant.cli") / "demo_data"))
REFERENCE, VCF = (str(DATA / name) for name in ("loci.GRCh38.fa", "rs713040.vcf"))
ENHANCER, CODON_SIX = "CTAACAGTTGCTTTTATCAC", "CTTGCCCCACAGGGCAGTAA"
TARGET = "chr2:60495264-60495283:-"


def run(capsys, *arguments):
    status = main(["offtargets", *map(str, arguments), "--reference", REFERENCE])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def process(*arguments, **streams):
    command = [
        sys.executable,
        "-c",
        "import sys; from revertant.cli import main; sys.exit(main())",
        "offtargets",
    ]
    return subprocess.Popen([*command, *map(str, arguments)], **streams)


def with_closed(*numbers):
    """Close streams in the new process, before Python looks at them."""
    return lambda: [os.close(number) for number in numbers]


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("a.txt", b"", "no guide"),
        ("a.txt", b"\n \n\n", "no guide"),
        ("a.tsv", b"# a comment\n", "no guide"),
        ("a.tsv", b"name\tspacer\r\n", "no guide"),
        ("a.tsv", b"\xff\xfe\x00\x81", "UTF-8"),
        ("a.tsv", b"g\x00\tACGT\n", "no text"),
        ("a.tsv", b'"a\tb"\tCTAACAGTTGCTTTTATCAC\n', "is no name"),
        ("a.csv", b'"a\nb",CTAACAGTTGCTTTTATCAC\n', "problems:"),
        ("a.tsv", b"A" * 300 + b"\tCTAACAGTTGCTTTTATCAC\n", "is no name"),
        ("a.tsv", b"g\tCTAACAGTTGCTTTTATCAC\ng\tCTTGCCCCACAGGGCAGTAA\n", "used before"),
        ("a.tsv", b"g\tNNNNNNNNNNNNNNNNNNNN\n", "fits everything"),
        ("a.tsv", b"g\tCTAACAGTTGCTTTTATCAC\tNGG\t3\tchr2:1-20:+\tmore\n", "6 columns"),
    ],
)
def test_a_file_that_holds_no_sound_guides_is_refused(name, content, word, tmp_path, capsys):
    place = tmp_path / name
    place.write_bytes(content)
    status, out, err = run(capsys, place, "--out", tmp_path / "o")
    assert (status, out) == (3, "")
    assert word in err
    assert "bug" not in err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'name,spacer\r\n"x ""q""",ctaacaguugcuuuuaucac\r\n'),
        ("a.tsv", "\ufeffname\tspacer\n<b>ü</b>\tCTAACAGTTGCTTTTATCAC\n"),
        ("a.fa", ">g1 words\nctaacagttg\ncttttatcac\n"),
        ("a.txt", "CTAACAGTTGCTTTTATCAC"),
    ],
)
def test_what_people_write_is_read(name, content, tmp_path, capsys):
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    status, _, err = run(capsys, tmp_path / name, "--out", tmp_path / "o")
    assert (status, err) == (0, "")
    page = (tmp_path / "o" / "report.html").read_text(encoding="utf-8")
    assert ENHANCER in page
    assert "<b>ü</b>" not in page


def test_a_name_that_is_a_formula_is_text_in_every_table(tmp_path, capsys):
    (tmp_path / "a.tsv").write_text(f"=1+1\t{ENHANCER}\n+58\t{CODON_SIX}\n")
    folder = tmp_path / "o"
    assert (
        run(capsys, tmp_path / "a.tsv", "-m", 8, "--amplicons", 2, "--nuclease", "spcas9", "--out", folder)[0]
        == 0
    )
    names = {line.split("\t")[0] for line in (folder / "sites.tsv").read_text().splitlines()[1:]}
    assert names == {"'=1+1", "+58"}  # the second is a number
    for table in ("sites.tsv", "pairs.tsv", "amplicons.tsv"):
        cells = [
            c for line in (folder / table).read_text(encoding="utf-8").splitlines() for c in line.split("\t")
        ]
        assert not [cell for cell in cells if cell.startswith("=")], table
    assert json.loads((folder / "nomination.json").read_text())["names"] == ["=1+1", "+58"]


@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize("command", ["offtargets", "plan", "demo"])
def test_an_out_that_is_empty_is_not_the_folder_we_are_in(command, empty, tmp_path, capsys, monkeypatch):
    """As from a shell variable that is not set."""
    monkeypatch.chdir(tmp_path)
    arguments = {"offtargets": [ENHANCER, "--reference", REFERENCE], "plan": [str(DATA / "sickle_cell.yaml")]}
    assert main([command, *arguments.get(command, []), "--out", empty]) == 2
    assert "--out is empty" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["file", "under a file", "read-only"])
def test_an_out_that_cannot_be_is_refused_before_it_works(kind, tmp_path, capsys):
    place = tmp_path / "file"
    place.write_text("mine")
    if kind == "under a file":
        place = place / "o"
    elif kind == "read-only":
        if os.geteuid() == 0:
            pytest.skip("root may write anywhere")
        place = tmp_path / "locked"
        place.mkdir(mode=0o555)
    status, _, err = run(capsys, "no-such-guides.tsv", "--out", place)
    assert status == 2
    assert "Name a folder" in err
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_of_guides_is_called_one(tmp_path, capsys):
    """A process substitution of the shell is a pipe: it can be read once, and a digest needs it again."""
    place = tmp_path / "guides.tsv"
    os.mkfifo(place)
    status, _, err = run(capsys, place, "--out", tmp_path / "o")
    assert status == 3
    assert "This is a pipe" in err


def test_a_target_where_the_guide_does_not_fit_is_said(tmp_path, capsys):
    wrong = TARGET.replace(":-", ":+")
    status, out, _ = run(capsys, ENHANCER, "--target", wrong, "--out", tmp_path / "a")
    assert status == 0
    assert (
        f"Fail: guide-1: nothing within the limits of the search lies at the target named, {wrong}"
        in " ".join(out.split())
    )
    status, out, _ = run(capsys, ENHANCER, "--target", TARGET, "--out", tmp_path / "b", "--json")
    assert "offtarget.target" not in {one["rule"] for one in json.loads(out)["findings"]}


@pytest.mark.parametrize(
    "arguments",
    [
        (ENHANCER, "--nuclease", "ascas12a", "--pam-side", "3"),
        (ENHANCER, "--editor", "abe8e_nrch", "--pam-side", "5"),
        ("five.tsv", "--nuclease", "spcas9"),
    ],
)
def test_an_effector_with_its_pam_on_the_other_side_is_refused(arguments, tmp_path, capsys, monkeypatch):
    """Its cut and its window are counted from the PAM: they would be wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "five.tsv").write_text(f"g\t{ENHANCER}\tTTTV\t5\n")
    status, _, err = run(capsys, *arguments, "--out", tmp_path / "o")
    assert status == 2
    assert "A guide has its PAM on the" in err
    assert not (tmp_path / "o").exists()


def test_files_that_say_nothing_here_are_not_taken_for_an_answer(tmp_path, capsys):
    """No record lies in the sequence: that no site is gained means nothing, and the terminal says so."""
    lines = (DATA / "rs713040.vcf").read_text().splitlines()
    head = [line for line in lines if line.startswith("#")]
    elsewhere = tmp_path / "elsewhere.vcf"
    elsewhere.write_text("\n".join([*head, "chr11\t5\t.\tA\tG\t.\tPASS\t.\tGT\t0|1"]) + "\n")
    for option, words in (("--vcf", "nothing is known of this person"), ("--panel", "it says nothing here")):
        status, out, _ = run(capsys, ENHANCER, option, elsewhere, "--out", tmp_path / option.strip("-"))
        assert status == 0
        assert words in " ".join(out.split())


@pytest.mark.parametrize(("json_", "code"), [((), 2), (("--json",), 2)])
def test_a_closed_stdout_is_no_bug(json_, code, tmp_path):
    running = process(
        ENHANCER, "--reference", REFERENCE, "--out", tmp_path / "o", *json_,
        stderr=subprocess.PIPE, preexec_fn=with_closed(1),
    )  # fmt: skip
    _, err = running.communicate(timeout=120)
    assert running.returncode == code
    assert b"cannot be written to stdout (it is closed)" in err
    assert (tmp_path / "o" / "report.html").exists()


@pytest.mark.parametrize("arguments", [("no-such.tsv",), (ENHANCER, "--nope"), (ENHANCER, "--pam-side", "9")])
def test_an_error_that_cannot_go_to_stdout_goes_to_stderr(arguments, tmp_path):
    running = process(
        *arguments, "--reference", REFERENCE, "--out", tmp_path / "o", "--json",
        stderr=subprocess.PIPE, preexec_fn=with_closed(1),
    )  # fmt: skip
    _, err = running.communicate(timeout=120)
    assert running.returncode in {2, 3}
    assert err.startswith(b"Error: ")
    assert b"Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_stdout_is_no_bug(tmp_path):
    with Path("/dev/full").open("w") as full:
        running = process(
            ENHANCER, "--reference", REFERENCE, "--out", tmp_path / "o", stdout=full, stderr=subprocess.PIPE
        )
        _, err = running.communicate(timeout=120)
    assert running.returncode == 2
    assert b"cannot be written to stdout" in err


def test_without_stderr_it_works(tmp_path):
    running = process(
        ENHANCER,
        "--reference",
        REFERENCE,
        "--out",
        tmp_path / "o",
        stdout=subprocess.PIPE,
        preexec_fn=with_closed(2),
    )
    out, _ = running.communicate(timeout=120)
    assert running.returncode == 0
    assert b"Report: " in out


@pytest.mark.parametrize(("arguments", "code"), [((ENHANCER,), 0), (("no-such.tsv", "--json"), 3)])
def test_a_reader_that_has_gone_away_is_no_fault(arguments, code, tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    running = process(
        *arguments, "--reference", REFERENCE, "--out", tmp_path / "o", stdout=writer, stderr=subprocess.PIPE
    )
    os.close(writer)
    _, err = running.communicate(timeout=120)
    assert running.returncode == code
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err


@pytest.mark.parametrize(
    ("number", "code", "said"), [(signal.SIGTERM, 143, b"Terminated."), (signal.SIGINT, 130, b"Interrupted.")]
)
def test_a_run_that_is_stopped_leaves_nothing_and_says_so(number, code, said, tmp_path):
    """Stopped while it writes into its hidden folder."""
    script = tmp_path / "slow.py"
    script.write_text(
        "import sys, time\nfrom revertant import dossier\nfrom revertant.cli import main\n"
        "def slow(*_):\n    print('writing', flush=True)\n    time.sleep(60)\n"
        "dossier.write_nomination = slow\nsys.exit(main())\n"
    )
    command = [sys.executable, str(script), "offtargets", ENHANCER, "--reference", REFERENCE]
    place = tmp_path / "place"
    with subprocess.Popen(
        [*command, "--out", str(place / "o")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A test run in the background of a shell has Ctrl-C ignored, and would pass that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    ) as running:
        assert running.stdout.readline() == b"writing\n"
        assert [path.name[:10] for path in place.iterdir()] == [".revertant"]
        running.send_signal(number)
        _, err = running.communicate(timeout=60)
    assert running.returncode == code
    assert err.strip().endswith(said)
    assert b"Traceback" not in err
    assert list(place.iterdir()) == []


def test_a_thread_of_its_own_may_run_a_command(capsys):
    """Signals belong to the main thread; a command elsewhere works without them."""
    before, status = signal.getsignal(signal.SIGTERM), []
    thread = threading.Thread(target=lambda: status.append(main(["demo", "--list"])))
    thread.start()
    thread.join(60)
    assert status == [0]
    assert main(["demo", "--list"]) == 0
    assert signal.getsignal(signal.SIGTERM) is before
    assert "sickle-cell" in capsys.readouterr().out
