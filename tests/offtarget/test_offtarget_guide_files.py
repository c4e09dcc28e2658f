"""Guides as people write them: every way gives the same guides, every slip is named with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from revertant.errors import InputError, RevertantError
from revertant.model import Locus, OffTargetRequest, PamSide, SearchLimits, Strand
from revertant.offtarget.guides.files import read_guides
from revertant.offtarget.guides.listing import GUIDE_COLUMNS, NamedGuide, parse_target
from revertant.sequence import IUPAC_MASK

ONE, TWO = "CTAACAGTTGCTTTTATCAC", "CTTGCCCCACAGGGCAGTAA"
THREE, FIVE = PamSide.THREE_PRIME, PamSide.FIVE_PRIME
TARGET = Locus("chr2", 60495263, 60495283, Strand.MINUS)


def file(folder: Path, text: str | bytes, name: str = "guides.txt") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def guides(*words, **options) -> list[tuple[str, str]]:
    return [(guide.name, guide.spacer) for guide in read_guides(words, **options).guides]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.tsv", f"name\tspacer\na\t{ONE}\nb\t{TWO}\n"),
        ("a.tsv", f"spacer\tname\n{ONE}\ta\n{TWO}\tb\n"),
        ("a.tsv", f"a\t{ONE}\nb\t{TWO}\n"),
        ("a.tsv", f"#Name\tSpacer\tpam\na\t{ONE}\t\nb\t{TWO}\tNGG\n"),
        ("a.csv", f'name,spacer\n"a",{ONE}\nb,{TWO}\n'),
        ("a.csv", f"name;spacer\na;{ONE}\nb;{TWO}\n"),
        ("a.csv", f"\ufeffname,spacer,pam,pam_side,target\r\na,{ONE},,3,\r\nb,{TWO},NGG,,\r\n"),
        ("a.txt", f"# two guides\n\na {ONE}\n  b   {TWO}\n"),
        ("a.txt", f"a\t{ONE}\nb\t{TWO}"),
        ("a.txt", f"a,{ONE}\nb,{TWO}"),
        ("a", f"a {ONE.lower()}\nb {TWO.replace('T', 'U')}\n"),
        ("a.fa", f">a first guide\n{ONE}\n>b\n{TWO}\n"),
        ("a.fasta", f"\n>a\n{ONE[:7]}\n{ONE[7:]}\n\n> b\n{TWO.lower()}\n"),
        ("a.txt", f">a\n{ONE}\n>b\n{TWO}\n"),
    ],
)
def test_every_way_gives_the_same_guides(tmp_path, name, text):
    expected = [("a", ONE), ("b", TWO)]
    assert guides(file(tmp_path, text, name)) == expected
    assert guides(file(tmp_path, gzip.compress(text.encode()), f"{name}.gz")) == expected


def test_guides_without_names_are_numbered(tmp_path):
    assert guides(file(tmp_path, f"{ONE}\n{TWO}\n")) == [("guide-1", ONE), ("guide-2", TWO)]
    path = file(tmp_path, f"spacer\tname\n{ONE}\tguide-1\n{TWO}\t\n", "b.tsv")
    assert guides(TWO, path, ONE) == [("guide-2", TWO), ("guide-1", ONE), ("guide-3", TWO), ("guide-4", ONE)]


def test_one_spacer_twice_stays_under_both_names(tmp_path):
    assert guides(file(tmp_path, f"a {ONE}\nb {ONE}\n")) == [("a", ONE), ("b", ONE)]


def test_every_column_is_read(tmp_path):
    text = f"name\tspacer\tpam\tpam_side\ttarget\na\t{ONE}\tttTv\t5\tchr2:60,495,264-60495283:-\nb\t{TWO}\t\t\t\n"
    found = read_guides([file(tmp_path, text, "a.tsv")], pam="NAG")
    assert found.guides == (
        NamedGuide("a", ONE, "TTTV", FIVE, TARGET),
        NamedGuide("b", TWO, "NAG", THREE, None),
    )
    assert (found.names, found.files) == (("a", "b"), (tmp_path / "a.tsv",))
    assert found.tally.read == 3
    assert found.tally.refused == (("header", 1),)
    limits = SearchLimits(3, 1, 0)
    assert found.requests(limits, cfd_applies=False)[0] == OffTargetRequest(
        ONE, "TTTV", FIVE, limits, TARGET, cfd_applies=False
    )


def test_empty_lines_and_comments_are_counted(tmp_path):
    tally = read_guides([file(tmp_path, f"# x\n\n{ONE}\n\n")]).tally
    assert (tally.read, tally.kept, tally.refused) == (4, 1, (("empty line or comment", 3),))


def test_a_target_for_the_only_guide():
    assert read_guides([ONE], target=TARGET).guides[0].target == TARGET
    with pytest.raises(InputError, match="One target is named for 2 guides"):
        read_guides([ONE, TWO], target=TARGET)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (f"a {ONE}AGG\n", 1, "ends in the PAM NGG"),
        (f"a {ONE}\nb {TWO}UGG\n", 2, f"without its PAM: {TWO}"),
        (f"name\tspacer\tpam\tpam_side\na\tTTTA{ONE}AAA\tTTTV\t5\n", 2, "starts with the PAM TTTV"),
        (f"a {ONE}\na {TWO}\n", 2, "'a' was used before"),
        ("a CTAACAGTTGCTTTTATCAX\n", 1, "is no spacer"),
        ("a CTAACAG-TGCTTTTATCAC\n", 1, "is no spacer"),
        (f"a {ONE * 4}\n", 1, "is no spacer"),
        (f"{ONE} a\n", 1, "is no spacer"),
        (f"name\tspacer\na\t{ONE}\nb\t\n", 3, "spacer is missing"),
        (f"name\tspacer\na\t{ONE}\tNGG\n", 2, "3 columns instead of 2"),
        (f"name\tspacer\tscore\na\t{ONE}\t1\n", 1, "no column 'score'"),
        (f"spacer\tspacer\n{ONE}\t{ONE}\n", 1, "stands there twice"),
        (f"name\tpam\na\t{ONE[:8]}\n", 1, "no column spacer"),
        (f"a {ONE} NGX\n", 1, "'NGX' is no PAM"),
        (f"a {ONE} NGG 4\n", 1, "'4' is no side"),
        (f"a {ONE} NGG 3 chr2\n", 1, "is no site"),
        (f"a {ONE} NGG 3 chr2:100-119\n", 1, "is no site"),
        (f"a {ONE} NGG 3 chr2:0-19:+\n", 1, "is no site"),
        (f"a {ONE} NGG 3 chr2:119-100:+\n", 1, "is no site"),
        (f"a {ONE} NGG 3 chr2:100-{'9' * 5000}:+\n", 1, "is no site"),
        (f"a {ONE} NGG 3 chr2:100-122:+\n", 1, "target has 23 bases, the spacer 20"),
        (f"{'n' * 121} {ONE}\n", 1, "is no name"),
        (f"name\tspacer\na\x07b\t{ONE}\n", 2, "is no name"),
        (">\nACGT\n", 1, "record has no name"),
        (f">a\n{ONE}\n>b\n>c\n{TWO}\n", 3, "spacer is missing"),
        (f">a\n{ONE}\n>a\n{TWO}\n", 3, "'a' was used before"),
        (f">a\n{ONE}*\n", 1, "is no spacer"),
    ],
)
def test_slips_are_named_with_their_line(tmp_path, text, line, words):
    path = file(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_guides([path])
    message = str(caught.value)
    assert words in message
    assert f"{path}: line {line}" in message
    assert len(message) < 600


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("CTAACAGTTGCTTTTATCAX", "neither a spacer nor a file"),
        ("", "neither a spacer nor a file"),
        ("no-such.tsv", "no such file"),
        ("x/" * 3000, "no such file"),
        ("a\0b", "neither a spacer nor a file"),
        (f"{ONE}AGG", "argument 1"),
    ],
)
def test_words_that_are_no_guide(word, words):
    with pytest.raises(InputError, match=words):
        read_guides([word])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no guide"),
        (b"\n# nothing\n", "no guide"),
        (b"name\tspacer\n", "no guide"),
        (b"\xff\xfen\0a\0", "not UTF-8"),
        (b"n\0a", "no text"),
        (gzip.compress(ONE.encode() * 100, mtime=0)[:-9], "cut off"),
    ],
)
def test_files_that_hold_none(tmp_path, data, words):
    with pytest.raises(InputError, match=words):
        read_guides([file(tmp_path, data)])
    with pytest.raises(InputError, match="no guide"):
        read_guides([])


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as stream:
        stream.truncate(64_000_001)
    with pytest.raises(InputError, match="larger than"):
        read_guides([str(path)])


def test_problems_are_told_together_up_to_twenty(tmp_path):
    path = file(tmp_path, "".join(f"g{n} XXXX\n" for n in range(500)))
    with pytest.raises(RevertantError) as caught:
        read_guides([path])
    assert "21 problems" in str(caught.value)
    assert "There are 480 problems more" in str(caught.value)


def test_a_long_spacer_is_believed_when_its_target_is_as_long(tmp_path):
    text = f"a {ONE}AGG NGG 3 chr2:100-122:+\n"
    assert read_guides([file(tmp_path, text)]).guides[0].spacer == f"{ONE}AGG"


@pytest.mark.parametrize(
    ("spacer", "pam", "side"),
    [
        (f"{ONE}AAG", "NGG", THREE),  # 23 nt, another end
        (ONE, "NNN", THREE),
        (f"{ONE}AGG", "N", THREE),  # no PAM at all
        ("TTTA" + ONE[:19], "TTTV", FIVE),  # a usual Cas12a spacer that happens to start so
        (f"{ONE}AAAC", "NNNNCC", THREE),  # Nme2Cas9: 24 nt
    ],
)
def test_spacers_that_only_look_like_a_whole_site_are_kept(spacer, pam, side):
    assert read_guides([spacer], pam=pam, pam_side=side).guides[0].spacer == spacer


def test_the_columns_are_documented():
    page = (Path(__file__).parents[2] / "docs" / "guides" / "off_targets.md").read_text(encoding="utf-8")
    for name, meaning in GUIDE_COLUMNS:
        assert f"| `{name}` | {meaning} |" in page


names = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=20
).filter(lambda name: not set(name) & set("#>\"'") and name not in dict(GUIDE_COLUMNS))
spacers = st.text(sorted(set(IUPAC_MASK) - {"U"}), min_size=17, max_size=22)


@given(st.lists(st.tuples(names, spacers), min_size=1, max_size=6, unique_by=lambda pair: pair[0]))
def test_what_is_written_is_read_again(tmp_path_factory, pairs):
    folder = tmp_path_factory.mktemp("guides")
    text = "name\tspacer\n" + "".join(f"{name}\t{spacer}\n" for name, spacer in pairs)
    assert guides(file(folder, text, "a.tsv"), pam="TTTTTTTT") == pairs


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(tmp_path_factory, text):
    path = file(tmp_path_factory.mktemp("guides"), text.encode("utf-8", "replace"))
    try:
        found = read_guides([path])
    except InputError:
        return
    assert found.guides
    assert len(set(found.names)) == len(found.names)


@given(
    st.integers(1, 10**9),
    st.integers(1, 60),
    st.sampled_from(list(Strand)),
    st.sampled_from(["chr1", "HLA-A*01:01"]),
)
def test_targets_are_read_as_loci_are_written(start, size, strand, contig):
    locus = Locus(contig, start - 1, start - 1 + size, strand)
    assert parse_target(str(locus)) == locus
