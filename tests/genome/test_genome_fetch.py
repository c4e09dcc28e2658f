"""Downloads against a local server: whole, resumed, broken, wrong, refused."""

from __future__ import annotations

import gzip
import hashlib
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from revertant.errors import InputError, UsageError
from revertant.genome import Reference, fetch_reference, load_gene_models
from revertant.genome.compression import is_bgzf
from revertant.genome.fetch import downloads

FASTA = (
    b">chr1 x\n" + "".join(random.Random(3).choices("ACGT\n", k=300_000)).replace("\n", "").encode() + b"\n"
)
ROW = 'NC_000001.11\tx\texon\t1\t90\t.\t+\t.\tgene_id "G"; transcript_id "NM_1.1"; tag "MANE Select";\n'
FILES = {
    "reference": gzip.compress(FASTA, mtime=0),
    "gene models": gzip.compress(ROW.encode() * 3, mtime=0),
}


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.asked.append((self.path, self.headers.get("Range")))
        if self.path not in server.files:
            self.send_error(404)
            return
        body = server.files[self.path]
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and server.ranges else 0
        if start and start >= len(body):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        rest = body[start:]
        if server.drops and self.path == server.drop_path:
            server.drops -= 1
            rest = rest[: len(rest) // 2]
        self.wfile.write(rest)
        self.close_connection = True


@pytest.fixture
def server():
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.asked, made.ranges, made.drops = [], True, 0
    made.files = {}
    lists: dict[str, str] = {}
    for item in downloads():
        made.files[item.path] = FILES[item.role]
        digest = hashlib.md5(FILES[item.role]).hexdigest()
        lists[item.checksums] = (
            lists.get(item.checksums, "") + f"{digest}  ./{item.path.rpartition('/')[2]}\n"
        )
    made.files |= {path: text.encode() for path, text in lists.items()}
    made.fasta, made.models = (item for item in downloads())
    made.drop_path = made.fasta.path
    made.url = f"http://127.0.0.1:{made.server_port}"
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def fetched(server, folder, **options):
    return fetch_reference("hg38", folder, base_url=server.url, **options)


def test_a_whole_fetch_gives_what_the_readers_read(server, tmp_path):
    seen = []
    found = fetched(
        server, tmp_path / "new" / "folder", progress=lambda stage, share: seen.append((stage, share))
    )
    assert found.build == "GRCh38"
    assert is_bgzf(found.reference.read_bytes()[:18])
    bases = FASTA.split(b"\n")[1].decode()
    assert (
        Reference.open(found.reference, in_memory_bytes=0).fetch("NC_000001.11", 1000, 1100)
        == bases[1000:1100]
    )
    assert load_gene_models(found.gene_models).choose("G").transcript.is_mane_select
    assert {path.name for path in found.reference.parent.iterdir()} == {
        "GRCh38.no_alt_analysis_set.fa.gz",
        "GRCh38.no_alt_analysis_set.fa.gz.fai",
        "GRCh38.no_alt_analysis_set.fa.gz.gzi",
        "GRCh38.no_alt_analysis_set.fa.gz.origin.json",
        "GRCh38.p14.refseq.gtf.gz",
        "GRCh38.p14.refseq.gtf.gz.origin.json",
    }
    assert found.origins[0] == (server.url + server.fasta.path, hashlib.md5(FILES["reference"]).hexdigest())
    assert all(0 <= share <= 1 for _, share in seen)


def test_a_second_fetch_downloads_nothing(server, tmp_path):
    fetched(server, tmp_path)
    server.asked.clear()
    fetched(server, tmp_path)
    assert {path for path, _ in server.asked} == {server.fasta.checksums, server.models.checksums}


@pytest.mark.parametrize("have", [1, 1000, len(FILES["reference"]) - 1, len(FILES["reference"])])
def test_a_part_is_gone_on_with(server, tmp_path, have):
    part = tmp_path / (server.fasta.path.rpartition("/")[2] + ".part")
    part.write_bytes(FILES["reference"][:have])
    fetched(server, tmp_path)
    assert (server.fasta.path, f"bytes={have}-") in server.asked
    assert (server.fasta.path, None) not in server.asked


@pytest.mark.parametrize("size", [5000, 10_000_000])
def test_a_part_of_another_file_is_thrown_away(server, tmp_path, size):
    part = tmp_path / (server.fasta.path.rpartition("/")[2] + ".part")
    part.write_bytes(b"x" * size)
    assert fetched(server, tmp_path).reference.exists()


def test_a_server_without_ranges_starts_again(server, tmp_path):
    server.ranges = False
    (tmp_path / (server.fasta.path.rpartition("/")[2] + ".part")).write_bytes(FILES["reference"][:1000])
    assert fetched(server, tmp_path).reference.exists()


def test_dropped_connections_are_gone_on_with(server, tmp_path):
    server.drops = 3
    assert fetched(server, tmp_path).reference.exists()
    ranges = [asked for path, asked in server.asked if path == server.fasta.path]
    assert len(ranges) == 4
    assert all(ranges[1:])


def test_a_server_that_always_drops_is_given_up_and_the_part_kept(server, tmp_path):
    server.ranges, server.drops = False, 1000
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path)
    expect(caught.value, "download")
    assert "again" in caught.value.remedy
    assert list(tmp_path.glob("*.part"))
    assert not list(tmp_path.glob("*.fa.gz"))


def expect(error: InputError, code: str) -> None:
    assert (error.exit_status, error.code) == (3, code)
    assert error.what
    assert error.where
    assert error.remedy


def test_wrong_checksum(server, tmp_path):
    listing = server.files[server.fasta.checksums]
    server.files[server.fasta.checksums] = listing.replace(listing[:32], b"0" * 32)
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path)
    expect(caught.value, "wrong-checksum")
    assert list(tmp_path.iterdir()) == []


def test_checksum_list_without_the_file(server, tmp_path):
    server.files[server.fasta.checksums] = b"0" * 32 + b"  ./other.fna.gz\n"
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path)
    expect(caught.value, "no-checksum")


@pytest.mark.parametrize("which", ["path", "checksums"])
def test_not_found(server, tmp_path, which):
    del server.files[getattr(server.fasta, which)]
    with pytest.raises(InputError, match="404") as caught:
        fetched(server, tmp_path)
    expect(caught.value, "download")


def test_no_server(tmp_path):
    with pytest.raises(InputError) as caught:
        fetch_reference("GRCh38", tmp_path, base_url="http://127.0.0.1:9")
    expect(caught.value, "download")


def test_only_web_addresses(tmp_path):
    for address in ("file:///etc", "ftp://host", "/etc"):
        with pytest.raises(InputError) as caught:
            fetch_reference("GRCh38", tmp_path, base_url=address)
        assert caught.value.remedy


@pytest.mark.parametrize(
    "address", ["http://[::1", "http://host:port", "http://a..b", "https://", "http://h\u00f6st/\u20ac"]
)
def test_malformed_addresses(tmp_path, address):
    with pytest.raises(InputError) as caught:
        fetch_reference("GRCh38", tmp_path, base_url=address)
    assert caught.value.remedy


def test_folder_that_cannot_be_made(server, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path / "file" / "folder")
    expect(caught.value, "cannot-write")


def test_target_that_cannot_be_written(server, tmp_path):
    (tmp_path / (server.fasta.path.rpartition("/")[2] + ".part")).mkdir()
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path)
    expect(caught.value, "cannot-write")


def test_a_changed_or_foreign_file_is_not_overwritten(server, tmp_path):
    found = fetched(server, tmp_path)
    found.reference.write_bytes(b"changed")
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path)
    expect(caught.value, "file-exists")
    assert found.reference.read_bytes() == b"changed"


def test_a_published_file_that_is_no_gzip(server, tmp_path):
    server.files[server.fasta.path] = b"\x1f\x8b" + b"no gzip" * 9
    digest = hashlib.md5(server.files[server.fasta.path]).hexdigest()
    server.files[server.fasta.checksums] = f"{digest}  ./{server.fasta.path.rpartition('/')[2]}\n".encode()
    with pytest.raises(InputError) as caught:
        fetched(server, tmp_path)
    assert caught.value.remedy
    assert not list(tmp_path.glob("GRCh38*"))


def test_a_build_that_cannot_be_fetched(tmp_path):
    with pytest.raises(UsageError, match="GRCh38"):
        fetch_reference("GRCh37", tmp_path)


def test_the_catalogue_names_public_files():
    assert [item.role for item in downloads()] == ["reference", "gene models"]
    assert all(item.sources and item.path.startswith("/genomes/all/GC") for item in downloads())
