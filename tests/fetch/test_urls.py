"""One spelling for one request: what is checked is what is sent."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from ingest.fetch.kinds import FetchError
from ingest.fetch.urls import join_url, parse_url, read_endpoint, redact


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        ("http://example.org:80/a", "http://example.org/a"),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:443/a", "http://example.org:443/a"),
        ("http://example.org./a", "http://example.org/a"),
        ("  http://example.org/a\n", "http://example.org/a"),
        ("http://example.org/a#part", "http://example.org/a"),
        ("http://example.org/a?", "http://example.org/a"),
        ("http://example.org/a/../b/./c", "http://example.org/b/c"),
        ("http://example.org/a/%2e%2E/b", "http://example.org/b"),
        ("http://example.org/../../b/..", "http://example.org/"),
        ("http://example.org/%7Ea%2fb", "http://example.org/~a%2Fb"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/ä ö?q=ü|", "http://example.org/%C3%A4%20%C3%B6?q=%C3%BC%7C"),
        ("http://example.org/a?q=a+b%20c%26", "http://example.org/a?q=a+b%20c%26"),
        ("http://example.org/%3Aa%2F?q=%2Fa%3A%3D", "http://example.org/:a%2F?q=/a:%3D"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://[2606:4700:0:0::1]/", "http://[2606:4700::1]/"),
    ],
)
def test_a_url_has_one_spelling(written: str, sent: str) -> None:
    assert parse_url(written).text == sent


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "bad_url"),
        ("/incidents", "bad_url"),
        ("http:/example.org", "bad_url"),
        ("http://", "bad_url"),
        ("http://:80/", "bad_url"),
        ("http://exa mple.org/", "bad_url"),
        ("http://example..org/", "bad_url"),
        ("http://example.org:0/", "bad_url"),
        ("http://example.org:65536/", "bad_url"),
        ("http://example.org:8a/", "bad_url"),
        ("http://example.org\\@elsewhere.example/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("http://[fe80::1%25eth0]/", "bad_url"),
        ("http://example.org/a\nb", "bad_url"),
        ("http://example.org/\x00", "bad_url"),
        ("http://" + "a" * 64 + ".org/", "bad_url"),
        ("http://example.org/" + "a" * 5000, "bad_url"),
        ("http://１２７.0.0.1/", "bad_url"),
        ("ftp://example.org/", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("http://user@example.org/", "userinfo_in_url"),
        ("http://:secret@example.org/", "userinfo_in_url"),
        ("http://example.org@10.0.0.1/", "userinfo_in_url"),
    ],
)
def test_what_can_not_be_requested_is_refused(text: str, kind: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse_url(text)
    assert caught.value.failure.kind == kind


LITERALS = st.sampled_from([*"/.%?#&=+;:@!$'()*,~|^`{}[]<>\"\\ äß\u2028", "%2e", "%zz", "..", "a", "7E"])
PIECES = LITERALS | st.integers(0, 255).map("%{:02x}".format) | st.integers(0, 255).map("%{:02X}".format)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_libraries_on_the_way_to_the_wire_leave_the_spelling_alone(rest: str) -> None:
    url = parse_url("http://example.org/" + rest)
    assert str(httpx.URL(url.text)) == url.text
    assert str(URL(url.text)) == url.text
    assert parse_url(url.text) == url


@given(st.text(max_size=60))
def test_any_text_is_a_url_or_a_named_failure(text: str) -> None:
    for attempt in (text, f"http://{text}", f"http://example.org/{text}"):
        try:
            url = parse_url(attempt)
        except FetchError as error:
            assert error.failure.kind in {"bad_url", "bad_scheme", "userinfo_in_url", "address_refused"}
        else:
            assert URL(url.text).raw_host == url.host


def test_http_and_https_of_a_host_share_a_gate_and_other_ports_do_not() -> None:
    keys = [parse_url(f"{start}/a").host_key for start in ("http://h", "https://h", "http://h:8080", "http://h:8081")]
    assert keys == ["h", "h", "h:8080", "h:8081"]


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("b", "http://example.org/a/b"),
        ("/b", "http://example.org/b"),
        ("?b", "http://example.org/a/?b"),
        ("//other.example/b", "http://other.example/b"),
        ("../../b", "http://example.org/b"),
        ("\\\\other.example\\b", "http://example.org/a/%5C%5Cother.example%5Cb"),
    ],
)
def test_a_reference_is_read_against_its_page(reference: str, target: str) -> None:
    assert join_url(parse_url("http://example.org/a/"), reference).text == target


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [("127.0.0.1:8000", ("127.0.0.1", 8000)), ("[::1]:80", ("::1", 80)), ("LocalHost:443", ("localhost", 443))],
)
def test_an_operator_names_a_host_and_its_port(text: str, endpoint: tuple[str, int]) -> None:
    assert read_endpoint(text) == endpoint


@pytest.mark.parametrize("text", ["127.0.0.1", "host:", "host:port", "host:99999", "http://host:80", "a@b:80", ""])
def test_a_host_without_a_port_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        read_endpoint(text)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@example.org/a", "https://example.org/a"),
        ("https://example.org/a?token=secret&page=2", "https://example.org/a?token=…&page=2"),
        ("https://example.org/a?secretsecretsecret", "https://example.org/a?…"),
        ("https://example.org/a#secret", "https://example.org/a"),
        ("https://example.org/a?x=%73ecret;y=secret", "https://example.org/a?x=…"),
        ("user:secret@example.org", "user:example.org"),
        ("//user:secret@example.org", "'example.org'"),
        ("https://example.org/" + "a" * 400, "https://example.org/" + "a" * 179 + "…"),
    ],
)
def test_messages_show_no_secret_of_a_url(url: str, shown: str) -> None:
    assert redact(url) == shown


@given(st.text(max_size=30), st.text(alphabet="abcXYZ-_", min_size=5, max_size=20))
def test_no_value_of_a_query_is_shown(name: str, value: str) -> None:
    hidden = value + "SECRET"
    assert "SECRET" not in redact(f"https://u:{hidden}@example.org/a?{name.replace('SECRET', '')}={hidden}")
