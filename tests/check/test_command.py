"""What `ingest check` says of an installation, and how it ends."""

from __future__ import annotations

import pytest

from ingest.publish import publish
from ingest.settings import Settings
from tests.check.conftest import Installation


def test_warnings_alone_leave_status_0(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("INGEST_CONTACT", raising=False)
    installation.finish()
    status, findings = installation.findings()
    assert status == 0
    assert {one["check"] for one in findings if one["severity"] == "warning"} == {"settings"}
    assert all(set(one) == {"severity", "check", "what", "where", "remedy"} for one in findings)


def test_an_error_is_status_1_and_a_person_reads_where_and_what_to_do(installation: Installation) -> None:
    installation.finish()
    installation.archive_file.unlink()
    status, output, _ = installation.ingest("check")
    assert status == 1
    assert "The file is missing: 3 pages." in output
    assert "→ Restore the file from a backup." in output


def test_repair_tells_what_it_did_and_then_checks(installation: Installation) -> None:
    installation.site.page()
    installation.die()
    status, findings = installation.findings("--repair")
    assert status == 0
    assert findings[0]["check"] == "repair"
    assert "1 records indexed" in findings[0]["what"]
    assert [one["severity"] for one in findings if one["check"] == "files"] == ["ok"]
    assert installation.findings("--repair")[1][0]["check"] != "repair"


def test_settings_that_matter_to_site_owners_are_warned_of(installation: Installation) -> None:
    installation.finish()
    data = installation.settings.data
    installation.settings = Settings(data=data, delay_seconds=0, allow_hosts=("10.0.0.1:80",))
    found = [finding.what for finding in installation.check() if finding.check == "settings"]
    assert len(found) == 3
    assert "10.0.0.1:80" in found[2]


def test_a_source_without_a_known_licence_is_warned_of(installation: Installation) -> None:
    installation.finish()
    installation.execute("UPDATE sources SET licence = NULL, terms_url = NULL")
    [finding] = [one for one in installation.check() if one.check == "sources"]
    assert (finding.severity, finding.where) == ("warning", "example")
    assert finding.what.startswith("Not known: licence, terms.")


def test_urls_that_robots_txt_forbids_are_counted(installation: Installation) -> None:
    installation.site.commit(installation.site.failed("a", kind="robots_disallowed"))
    installation.finish()
    [finding] = [one for one in installation.check() if one.check == "sources" and one.severity == "warning"]
    assert finding.what.startswith("1 of its URLs")


def test_a_published_file_that_was_tampered_with_is_found(installation: Installation) -> None:
    installation.finish()
    publish(installation.settings)
    assert installation.bad() == {}
    installation.file.chmod(0o644)
    with installation.file.open("ab") as file:
        file.write(b"x")
    assert installation.bad() == {"published": "error"}


@pytest.mark.parametrize(("scarce", "comfortable", "severity"), [(1 << 60, 0, "error"), (0, 1 << 60, "warning")])
def test_little_free_space_is_found(
    installation: Installation, monkeypatch: pytest.MonkeyPatch, scarce: int, comfortable: int, severity: str
) -> None:
    installation.finish()
    monkeypatch.setattr("ingest.check.installation.SCARCE_BYTES", scarce)
    monkeypatch.setattr("ingest.check.installation.FILE_BYTES", comfortable)
    assert installation.bad() == {"disk": severity}


def test_a_write_ahead_log_that_only_grows_is_warned_of(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    installation.finish()
    monkeypatch.setattr("ingest.check.installation.LONG_WAL_BYTES", -1)
    assert installation.bad() == {"growth": "warning"}


def test_a_run_without_an_end_and_a_host_that_is_left_alone_are_told(installation: Installation) -> None:
    installation.execute("INSERT INTO hosts VALUES ('site.example', '2999-01-01T00:00:00.000000Z', 'asked', '2026')")
    found = [finding for finding in installation.check() if finding.check == "runs"]
    assert [one.severity for one in found] == ["warning", "warning"]
    assert "has not ended" in found[0].what
    assert "it asked for it" in found[1].what
    installation.finish()
    installation.execute("DELETE FROM hosts")
    assert [one.severity for one in installation.check() if one.check == "runs"] == ["ok"]
