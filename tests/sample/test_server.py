"""The site answers as a polite server does, and keeps a log."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from xml.etree import ElementTree

import pytest

from ingest.sample.editions import editions, planted
from ingest.sample.server import SampleSite, accepts_gzip, serve

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def server() -> Iterator[SampleSite]:
    with serve() as running:
        yield running


@pytest.fixture
def site(server: SampleSite) -> SampleSite:
    server.edition = 1
    server.log.clear()
    return server


@pytest.fixture
def client(site: SampleSite) -> Iterator[HTTPConnection]:
    connection = HTTPConnection(site.host, timeout=10)
    yield connection
    connection.close()


def ask(
    client: HTTPConnection, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[HTTPResponse, bytes]:
    client.request(method, path, headers=headers or {})
    response = client.getresponse()
    return response, response.read()


def planted_slug(kind: str) -> str:
    [slug] = {one.slug for one in planted() if one.kind == kind}
    assert slug
    return slug


def untouched_slug() -> str:
    touched = {one.slug for one in planted()}
    return next(entry.slug for entry in editions()[0].entries if entry.slug not in touched)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_address_of_the_sitemap_answers(site: SampleSite, client: HTTPConnection, number: int) -> None:
    site.edition = number
    faulty = {
        f"/incidents/{slug}" for slug, event in editions()[number - 1].faults.items() if event["kind"] != "challenge"
    }
    root = ElementTree.fromstring(ask(client, "/sitemap.xml")[1])
    paths = [(url.findtext(f"{NAMESPACE}loc") or "").removeprefix(site.url) for url in root]
    assert {path for path in paths if path.startswith("/incidents/")} == {
        f"/incidents/{entry.slug}" for entry in editions()[number - 1].entries
    }
    for path in paths:
        response, body = ask(client, path)
        assert response.status == (503 if path in faulty else 200)
        assert int(response.headers["Content-Length"]) == len(body)
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_robots_txt_names_the_sites_own_sitemap_or_that_of_its_origin(site: SampleSite, client: HTTPConnection) -> None:
    assert f"Sitemap: {site.url}/sitemap.xml" in ask(client, "/robots.txt")[1].decode()
    with serve(origin="https://incidents.example") as other:
        elsewhere = HTTPConnection(other.host, timeout=10)
        assert b"Sitemap: https://incidents.example/sitemap.xml" in ask(elsewhere, "/robots.txt")[1]
        assert b"<loc>https://incidents.example/incidents/" in ask(elsewhere, "/sitemap.xml")[1]
        elsewhere.close()


@pytest.mark.parametrize("path", ["/incidents", "/incidents?page=2", "/robots.txt", "/sitemap.xml", "/"])
def test_a_page_that_the_client_has_is_not_sent_again(client: HTTPConnection, path: str) -> None:
    first, body = ask(client, path)
    for conditions in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"other", {first.headers["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first.headers["Last-Modified"]},
        {"If-None-Match": first.headers["ETag"], "If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        again, nothing = ask(client, path, conditions)
        assert (again.status, nothing) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    for conditions in (
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
        {"If-Modified-Since": "not a date"},
        {"If-None-Match": '"other"', "If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again, whole = ask(client, path, conditions)
        assert (again.status, whole) == (200, body)


def test_an_incident_that_is_left_alone_stays_the_same_until_the_redesign(
    site: SampleSite, client: HTTPConnection
) -> None:
    slugs = [entry.slug for entry in editions()[0].entries]
    tags = {slug: ask(client, f"/incidents/{slug}")[0].headers["ETag"] for slug in slugs}
    site.edition = 2
    statuses = {slug: ask(client, f"/incidents/{slug}", {"If-None-Match": tags[slug]})[0].status for slug in slugs}
    edited = {one.slug for one in planted(2) if one.slug and one.kind == "changed"}
    assert all(statuses[slug] == 200 for slug in edited)
    assert list(statuses.values()).count(304) >= 8
    # A card that shows another incident's edit, or another incident, makes other bytes of the same words.
    assert any(status == 200 for slug, status in statuses.items() if slug not in edited)
    site.edition = 3
    assert {ask(client, f"/incidents/{slug}", {"If-None-Match": tags[slug]})[0].status for slug in slugs} == {200, 410}


def test_last_modified_and_lastmod_say_when_the_bytes_changed(site: SampleSite, client: HTTPConnection) -> None:
    site.edition = 2
    sitemap = ElementTree.fromstring(ask(client, "/sitemap.xml")[1])
    days = {
        (url.findtext(f"{NAMESPACE}loc") or "").removeprefix(site.url): url.findtext(f"{NAMESPACE}lastmod")
        for url in sitemap
    }
    assert set(days.values()) == {"2025-12-01", "2025-12-08"}
    modified = {"2025-12-01": "Mon, 01 Dec 2025 00:00:00 GMT", "2025-12-08": "Mon, 08 Dec 2025 00:00:00 GMT"}
    for path, day in days.items():
        response, _ = ask(client, path)
        if response.status == 200:
            assert response.headers["Last-Modified"] == modified[day or ""]


def test_a_client_that_takes_gzip_gets_the_same_page_smaller(client: HTTPConnection) -> None:
    path = f"/incidents/{untouched_slug()}"
    plain, body = ask(client, path)
    packed, wire = ask(client, path, {"Accept-Encoding": "br, gzip;q=0.8"})
    assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
    assert gzip.decompress(wire) == body
    assert int(packed.headers["Content-Length"]) == len(wire) < len(body)
    assert packed.headers["ETag"] == plain.headers["ETag"]
    assert packed.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        *((header, True) for header in ("gzip", "GZIP, br", "*", "br;q=1, *;q=0.5", "gzip; q=0.5")),
        *((header, False) for header in ("", "identity", "gzip;q=0", "*, gzip; q=0.0", "x-gzip-not")),
    ],
)
def test_gzip_is_sent_only_where_it_is_accepted(header: str, accepted: bool) -> None:
    assert accepts_gzip(header) is accepted


def test_head_has_the_headers_of_get_and_no_body(client: HTTPConnection) -> None:
    path = f"/incidents/{untouched_slug()}"
    got, body = ask(client, path)
    head, nothing = ask(client, path, method="HEAD")
    assert (head.status, nothing) == (200, b"")
    without_date = [[(name, value) for name, value in each.getheaders() if name != "Date"] for each in (got, head)]
    assert without_date[0] == without_date[1]
    assert head.headers["Content-Length"] == str(len(body))
    assert ask(client, path)[1] == body


def test_requests_share_a_connection(site: SampleSite, client: HTTPConnection) -> None:
    client.connect()
    own = client.sock.getsockname()
    for path in ("/", "/incidents", "/nothing", f"/incidents/{untouched_slug()}"):
        response, _ = ask(client, path, {"If-None-Match": "*"})
        assert response.version == 11
        assert client.sock.getsockname() == own


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/incidents/", "/incidents/nothing", "/incidents?page=9", "/incidents?page=x", "/404", "//[", "404"],
)
def test_an_unknown_path_is_404(client: HTTPConnection, path: str) -> None:
    client.putrequest("GET", path)
    client.endheaders()
    response = client.getresponse()
    response.read()
    assert response.status == 404


def test_queries_that_say_nothing_are_ignored(client: HTTPConnection) -> None:
    assert ask(client, "/incidents?page=1&from=mail")[1] == ask(client, "/incidents")[1]
    path = f"/incidents/{untouched_slug()}"
    assert ask(client, f"{path}?from=mail")[1] == ask(client, path)[1]


def test_what_is_gone_answers_410_and_comes_back(site: SampleSite, client: HTTPConnection) -> None:
    back = planted_slug("restored")
    away = next(one.slug for one in planted() if one.kind == "removed" and one.slug != back)
    statuses = []
    for number in (1, 2, 3):
        site.edition = number
        statuses.append([ask(client, f"/incidents/{slug}")[0].status for slug in (back, away)])
    assert statuses == [[200, 200], [410, 410], [200, 410]]


def test_the_overloaded_page_asks_to_come_back_later(site: SampleSite, client: HTTPConnection) -> None:
    path = f"/incidents/{planted_slug('http_503')}"
    tag = ask(client, path)[0].headers["ETag"]
    site.edition = 2
    response, _ = ask(client, path, {"If-None-Match": tag})
    assert (response.status, response.headers["Retry-After"], response.headers["ETag"]) == (503, "1", None)
    site.edition = 3
    assert ask(client, path)[0].status == 200


def test_the_challenge_has_status_200_and_nothing_of_the_incident(site: SampleSite, client: HTTPConnection) -> None:
    path = f"/incidents/{planted_slug('challenge')}"
    site.edition = 3
    response, body = ask(client, path, {"If-None-Match": "*"})
    assert (response.status, response.headers["ETag"], response.headers["Last-Modified"]) == (200, None, None)
    assert b"Just a moment" in body
    assert b"Category" not in body


def test_the_log_says_who_asked_for_what_in_order(site: SampleSite, client: HTTPConnection) -> None:
    tag = ask(client, "/incidents")[0].headers["ETag"]
    ask(client, "/incidents", {"If-None-Match": tag})
    ask(client, "/nothing", method="HEAD")
    assert [(row.method, row.path, row.status, row.conditional) for row in site.log] == [
        ("GET", "/incidents", 200, False),
        ("GET", "/incidents", 304, True),
        ("HEAD", "/nothing", 404, False),
    ]
    times = [row.at_seconds for row in site.log]
    assert times == sorted(times)


def test_there_is_no_fourth_edition(site: SampleSite) -> None:
    for number in (0, 4):
        with pytest.raises(ValueError, match=f"no edition {number}"):
            site.edition = number
    assert site.edition == 1


def test_after_the_end_nothing_is_answered() -> None:
    with serve() as site:
        client = HTTPConnection(site.host, timeout=10)
        ask(client, "/")
    with pytest.raises(OSError):
        ask(client, "/")
    client.close()
    host, _, port = site.host.partition(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=10)


def test_a_client_that_leaves_early_is_no_news(site: SampleSite, capfd: pytest.CaptureFixture[str]) -> None:
    host, _, port = site.host.partition(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            connection.sendall(b"GET /incidents HTTP/1.1\r\nHost: a\r\n\r\n" * 50)
    client = HTTPConnection(site.host, timeout=10)
    assert ask(client, "/")[0].status == 200
    client.close()
    assert capfd.readouterr() == ("", "")
