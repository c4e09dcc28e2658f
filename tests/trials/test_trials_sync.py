"""Downloading from a registry, against a server of our own: pages, interruptions, refusals, and nothing of a patient."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from revertant import __version__
from revertant.errors import InputError, UsageError
from revertant.trials.downloading import PoliteClient, RegistryFilter, sync_trials
from revertant.trials.store import TrialStore


def study(number, day, status="RECRUITING"):
    return {
        "protocolSection": {
            "identificationModule": {"nctId": f"NCT{number:08d}", "briefTitle": f"Trial {number}"},
            "statusModule": {"overallStatus": status, "lastUpdatePostDateStruct": {"date": day}},
        }
    }


class Registry:
    """A small registry: studies by day, pages by token, and faults that are told to happen."""

    def __init__(self):
        self.studies = [study(at, f"2026-01-{at:02d}") for at in range(1, 11)]
        self.faults = []
        self.asked = []
        self.headers = []
        self.tokens_known = True

    def answer(self, handler):
        split = urlsplit(handler.path)
        query = {name: values[0] for name, values in parse_qs(split.query).items()}
        self.asked.append(query)
        self.headers.append(dict(handler.headers))
        if self.faults and (fault := self.faults.pop(0)) is not None:
            fault(handler)
            return
        if split.path != "/api/v2/studies":
            handler.send_error(404)
            return
        since = (
            query.get("filter.advanced", "AREA[LastUpdatePostDate]RANGE[0000,MAX]")
            .split("RANGE[")[1]
            .split(",")[0]
        )
        found = sorted(
            (one for one in self.studies if self.day(one) >= since), key=lambda one: (self.day(one), str(one))
        )
        start = 0
        if token := query.get("pageToken"):
            if not self.tokens_known:
                handler.send_error(400, "bad token")
                return
            start = int(token)
        size = int(query["pageSize"])
        page = {"studies": found[start : start + size]}
        if start + size < len(found):
            page["nextPageToken"] = str(start + size)
        if query.get("countTotal") == "true":
            page["totalCount"] = len(found)
        send(handler, json.dumps(page).encode())

    @staticmethod
    def day(one):
        return one["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]


def send(handler, data, *, length=None, status=200, headers=()):
    packed = gzip.compress(data) if "gzip" in (handler.headers.get("Accept-Encoding") or "") else data
    handler.send_response(status)
    if packed is not data:
        handler.send_header("Content-Encoding", "gzip")
    handler.send_header("Content-Length", str(len(packed) if length is None else length))
    for name, value in headers:
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(packed)


@pytest.fixture
def registry():
    held = Registry()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            held.answer(self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_port}/api/v2"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield held
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "trials.sqlite"


def client(registry, slept=None):
    return PoliteClient(registry.url, sleep=(slept if slept is not None else []).append)


def sync(registry, path, chosen=None, *, page_size=3, asker=None):
    with TrialStore(path, writing=True) as store:
        return sync_trials(store, chosen, client=asker or client(registry), page_size=page_size)


def held(path):
    with TrialStore(path) as store:
        return [int(one.nct_id[3:]) for one in store.trials()]


def test_everything_comes_page_by_page_and_only_what_changed_the_next_time(registry, path):
    report = sync(registry, path)
    assert held(path) == list(range(1, 11))
    assert (report.pages, report.count.new, report.since, report.until) == (4, 10, "", "2026-01-10")
    assert (report.tally.read, report.tally.kept) == (10, 10)
    registry.studies[2] = study(3, "2026-02-01", "COMPLETED")
    registry.studies.append(study(11, "2026-02-02"))
    registry.asked.clear()
    again = sync(registry, path)
    # The newest day is asked for again: more may have been posted on it.
    assert registry.asked[0]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-10,MAX]"
    assert (again.pages, again.count.new, again.count.changed, again.count.known) == (1, 1, 1, 1)
    with TrialStore(path) as store:
        assert store.get("NCT00000003").status == "COMPLETED"


def test_questions_are_those_of_the_interface_and_hold_nothing_else(registry, path):
    sync(registry, path, RegistryFilter(condition="hemophilia", intervention="AAV", term="gene"))
    first, *others = registry.asked
    assert first == {
        "format": "json",
        "fields": "protocolSection|derivedSection.conditionBrowseModule",
        "sort": "LastUpdatePostDate:asc",
        "query.cond": "hemophilia",
        "query.intr": "AAV",
        "query.term": "gene",
        "pageSize": "3",
        "countTotal": "true",
    }
    for other in others:
        # "Each subsequent page must have the same parameters, except countTotal, pageSize and pageToken."
        assert {**other, "countTotal": "true"} == {**first, "pageToken": other["pageToken"]}
    agents = {one["User-Agent"] for one in registry.headers}
    assert agents == {f"revertant/{__version__} (+https://github.com/revertant/revertant)"}
    assert not any("Cookie" in one or "Referer" in one for one in registry.headers)


def test_filters_are_kept_apart(registry, path):
    sync(registry, path, RegistryFilter(condition="a"))
    registry.asked.clear()
    sync(registry, path, RegistryFilter(condition="b"))
    assert "filter.advanced" not in registry.asked[0]


def test_it_keeps_its_pace(registry, path):
    slept, now = [], [0.0]

    def sleep(seconds):
        slept.append(seconds)
        now[0] += seconds

    asker = PoliteClient(registry.url, pause_seconds=1.5, sleep=sleep, clock=lambda: now[0])
    sync(registry, path, asker=asker)
    assert slept == [1.5, 1.5, 1.5]


def busy(status, headers=()):
    return lambda handler: send(handler, b"busy", status=status, headers=headers)


def short(handler):
    send(handler, b'{"studies": []}', length=5000)
    handler.close_connection = True


def hang_up(handler):
    handler.connection.close()


FAULTS = {
    "429": busy(429, [("Retry-After", "7")]),
    "429 until nonsense": busy(429, [("Retry-After", "\u00b2")]),
    "503": busy(503),
    "500": busy(500),
    "garbage": lambda handler: send(handler, b"<html>gateway</html>"),
    "no object": lambda handler: send(handler, b"[1, 2]"),
    "deep": lambda handler: send(handler, b"[" * 100_000),
    "short": short,
    "hang up": hang_up,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_trouble_is_waited_out(registry, path, fault):
    registry.faults = [None, fault, fault]
    report = sync(registry, path)
    assert held(path) == list(range(1, 11))
    assert report.count.new == 10


def test_it_waits_as_long_as_the_server_asks(registry, path):
    slept = []
    registry.faults = [busy(429, [("Retry-After", "7")]), busy(503), busy(429, [("Retry-After", "99999")])]
    sync(registry, path, page_size=100, asker=PoliteClient(registry.url, pause_seconds=0, sleep=slept.append))
    assert slept == [7.0, 4.0, 600.0]


def test_trouble_without_end_is_said_and_what_came_is_kept(registry, path):
    registry.faults = [None, None, *[busy(503)] * 6]
    with pytest.raises(InputError, match="503") as caught:
        sync(registry, path)
    assert caught.value.code == "download"
    assert "?" not in caught.value.where
    assert held(path) == list(range(1, 7))
    registry.asked.clear()
    report = sync(registry, path)
    assert report.resumed
    assert registry.asked[0]["pageToken"] == "6"
    assert held(path) == list(range(1, 11))


@pytest.mark.parametrize("status", [401, 403, 451])
def test_a_refusal_is_not_asked_again(registry, path, status):
    registry.faults = [busy(status)]
    with pytest.raises(InputError, match=str(status)):
        sync(registry, path)
    assert len(registry.asked) == 1


def test_a_token_that_has_expired_goes_on_from_the_newest_day(registry, path):
    registry.faults = [None, None, *[busy(503)] * 6]
    with pytest.raises(InputError):
        sync(registry, path)
    registry.tokens_known = False
    registry.asked.clear()
    sync(registry, path, page_size=100)
    assert [one.get("pageToken") for one in registry.asked] == ["6", None]
    assert registry.asked[1]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-06,MAX]"
    assert held(path) == list(range(1, 11))


def test_a_question_that_the_registry_refuses_is_said(registry, path):
    with pytest.raises(InputError, match="does not take the question"):
        sync(registry, path, asker=PoliteClient(f"{registry.url}/nowhere", sleep=[].append))


def test_another_service_is_said_to_be_none(registry, path):
    registry.faults = [lambda handler: send(handler, b'{"hello": 1}')]
    with pytest.raises(InputError, match="no page of studies"):
        sync(registry, path)


def test_pages_that_never_end_are_noticed(registry, path):
    page = json.dumps({"studies": [study(1, "2026-01-01")], "nextPageToken": "same"}).encode()
    registry.faults = [lambda handler: send(handler, page)] * 3
    with pytest.raises(InputError, match="again and again"):
        sync(registry, path)


@pytest.mark.parametrize("studies", [[], [study(1, "2026-01-01")], [{}]], ids=["empty", "known", "refused"])
def test_pages_that_never_end_are_noticed_whatever_their_tokens(registry, path, studies):
    def another(handler):
        page = {"studies": studies, "nextPageToken": f"token {len(registry.asked)}"}
        send(handler, json.dumps(page).encode())

    registry.faults = [another] * 100
    with pytest.raises(InputError, match="again and again"):
        sync(registry, path)
    assert len(registry.asked) < 30


def test_tokens_that_are_never_known_are_noticed(registry, path):
    page = json.dumps({"studies": [study(1, "2026-01-01")], "nextPageToken": "t"}).encode()
    registry.faults = [lambda handler: send(handler, page), busy(400)] * 100
    with pytest.raises(InputError, match="again and again"):
        sync(registry, path)
    assert len(registry.asked) < 60


def test_a_day_that_has_not_come_does_not_end_all_later_questions(registry, path):
    registry.studies[9] = study(10, "9999-12-31")
    assert sync(registry, path).count.new == 10
    sync(registry, path)
    assert registry.asked[-1]["filter.advanced"] == "AREA[LastUpdatePostDate]RANGE[2026-01-09,MAX]"


@pytest.mark.parametrize(
    "place", ["file:///etc/passwd", "http://elsewhere.invalid/api/v2/studies", "ftp://127.0.0.1/x"]
)
def test_a_server_that_sends_elsewhere_is_not_followed(registry, path, place):
    registry.faults = [busy(302, [("Location", place)])]
    with pytest.raises(InputError, match="302"):
        sync(registry, path)
    assert len(registry.asked) == 1


def test_a_server_may_send_to_another_path_of_its_own(registry, path):
    registry.faults = [busy(302, [("Location", "/api/v2/studies?pageSize=1000")])]
    assert sync(registry, path).count.new == 10


def test_an_answer_that_unpacks_without_end_is_not_unpacked(registry, path, monkeypatch):
    from revertant.trials.downloading import client  # noqa: PLC0415

    monkeypatch.setattr(client, "_MOST_BYTES", 100_000)
    registry.faults = [lambda handler: send(handler, b" " * 50_000_000)]  # packed to fewer than 100,000
    with pytest.raises(InputError, match="longer than any page"):
        sync(registry, path)


def test_an_answer_that_trickles_in_is_given_up(registry, path):
    ticks = iter(range(0, 10**9, 1000))
    asker = PoliteClient(registry.url, pause_seconds=0, sleep=[].append, clock=lambda: float(next(ticks)))
    with pytest.raises(InputError, match="it came too slowly, 6 times"):
        sync(registry, path, asker=asker)


def test_an_empty_page_is_not_the_last_one(registry, path):
    page = json.dumps({"studies": [], "nextPageToken": "0"}).encode()
    registry.faults = [lambda handler: send(handler, page)]
    assert sync(registry, path).count.new == 10


def test_a_record_that_cannot_be_read_is_refused_and_counted(registry, path):
    registry.studies[4] = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT5"},
            **study(5, "2026-01-05")["protocolSection"],
        }
    }
    registry.studies[4]["protocolSection"]["identificationModule"] = {"nctId": "NCT5"}
    report = sync(registry, path)
    assert (report.tally.read, report.tally.kept) == (10, 9)
    assert report.tally.refused == (("no NCT number of eight digits", 1),)
    assert 5 not in held(path)


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "clinicaltrials.gov"])
def test_only_web_addresses_are_asked(url):
    with pytest.raises(UsageError, match="no web address"):
        PoliteClient(url)


def test_a_process_killed_between_pages_goes_on_where_it_was(registry, path):
    script = textwrap.dedent(
        """
        import os, signal, sys
        from revertant.trials.downloading import PoliteClient, sync_trials
        from revertant.trials.store import TrialStore

        def kill(seconds):
            os.kill(os.getpid(), signal.SIGKILL)

        with TrialStore(sys.argv[2], writing=True) as store:
            sync_trials(store, client=PoliteClient(sys.argv[1], sleep=kill), page_size=4)
        """
    )
    done = subprocess.run(
        [sys.executable, "-c", script, registry.url, str(path)],
        check=False,
        env=os.environ,
        stderr=subprocess.DEVNULL,
    )
    assert done.returncode == -signal.SIGKILL
    assert held(path) == [1, 2, 3, 4]
    registry.asked.clear()
    report = sync(registry, path, page_size=4)
    assert report.resumed
    assert registry.asked[0]["pageToken"] == "4"
    assert held(path) == list(range(1, 11))
    assert len(registry.asked) == 2
