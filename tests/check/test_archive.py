"""What happens to the archive's files is found; what can be mended without a loss is mended."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from ingest.archive import Location, read_capture
from ingest.captures import decode_capture, hash_body
from ingest.lease import hold_lease
from tests.check.conftest import Installation
from tests.store.conftest import record


def readable(installation: Installation) -> int:
    """How many indexed pages are what the index says."""
    count = 0
    for row in installation.site.rows("SELECT * FROM pages"):
        location = Location(row["warc_file"], row["warc_offset"], row["warc_length"])
        body = decode_capture(read_capture(installation.settings.archive, location))
        count += hash_body(body) == row["sha256"]
    return count


def test_a_whole_archive_is_well(installation: Installation) -> None:
    installation.finish()
    assert installation.bad() == {}
    [pages] = [finding for finding in installation.check() if finding.check == "pages"]
    assert pages.what.startswith("3 of 3 archived pages")


def test_any_flipped_bit_is_found_or_changes_nothing(installation: Installation) -> None:
    installation.finish()
    whole = installation.archive_file.read_bytes()
    first = installation.places()[0][0]
    chance = random.Random(7)
    flips = [(chance.randrange(first, len(whole)), chance.randrange(8)) for _ in range(80)]
    found = 0
    for offset, bit in flips:
        installation.flip(offset, bit)
        bad = installation.bad()
        if "pages" in bad:
            assert bad["pages"] == "error"
            found += 1
        else:
            assert readable(installation) == 3, (offset, bit)
        installation.archive_file.write_bytes(whole)
    assert found > 60


def test_a_damaged_record_is_named_with_its_place_and_the_others_are_well(installation: Installation) -> None:
    installation.finish()
    offset, length = installation.places()[1]
    installation.flip(offset + length // 2)
    [finding] = [one for one in installation.check() if one.check == "pages"]
    assert finding.severity == "error"
    assert finding.what == "The record is damaged: 1 page."
    assert f"offset {offset}," in finding.where
    assert "Restore" in finding.remedy


def test_a_checksum_that_only_gzip_keeps_is_looked_at(installation: Installation) -> None:
    installation.finish()
    offset, length = installation.places()[1]
    installation.flip(offset + length - 6)  # the last 8 bytes of a member: checksum and size
    assert installation.bad() == {"pages": "error"}


def test_damage_in_the_middle_is_never_cut(installation: Installation) -> None:
    offset, length = installation.places()[1]
    installation.site.page()
    installation.die()
    installation.flip(offset + length // 2)
    before = installation.archive_file.read_bytes()
    assert installation.bad() == {"pages": "error", "files": "error"}
    installation.repair()
    assert installation.archive_file.read_bytes() == before


def test_records_that_stand_for_other_pages_are_found(installation: Installation) -> None:
    installation.finish()
    first, second, _ = (row["sha256"] for row in installation.site.rows("SELECT sha256 FROM pages"))
    for old, new in ((first, "x"), (second, first), ("x", second)):
        installation.execute(f"UPDATE pages SET sha256 = '{new}' WHERE sha256 = '{old}'")
    [finding] = [one for one in installation.check() if one.check == "pages"]
    assert finding.what == "The record holds another page than the index says: 2 pages."


def test_a_missing_file_is_one_finding(installation: Installation) -> None:
    installation.finish()
    installation.archive_file.unlink()
    [finding] = [one for one in installation.check() if one.check == "pages"]
    assert (finding.severity, finding.what) == ("error", "The file is missing: 3 pages.")


def test_a_torn_tail_costs_the_record_that_it_tears(installation: Installation) -> None:
    installation.finish()
    content = installation.archive_file.read_bytes()
    installation.archive_file.write_bytes(content[:-20])
    bad = installation.bad()
    assert bad["pages"] == "error"
    installation.repair()
    assert installation.archive_file.read_bytes() == content[:-20]  # an indexed record may yet be restored


def test_the_torn_tail_of_a_dead_run_is_cut_under_its_lease(installation: Installation) -> None:
    installation.die()
    whole = installation.archive_file.read_bytes()
    with installation.archive_file.open("ab") as file:
        file.write(whole[:50])
    assert installation.bad() == {"files": "warning"}
    with hold_lease(installation.settings.locks, "example"):
        [skipped] = installation.repair()
        assert (skipped.severity, installation.archive_file.stat().st_size) == ("warning", len(whole) + 50)
    [done] = installation.repair()
    assert done.what == "50 bytes cut off, 0 records indexed."
    assert installation.archive_file.read_bytes() == whole
    assert installation.bad() == {}


def test_whole_records_without_a_row_are_indexed(installation: Installation) -> None:
    page = installation.site.page()
    installation.die()
    assert installation.bad() == {"files": "warning"}
    installation.repair()
    [row] = installation.site.rows("SELECT * FROM pages WHERE sha256 = ?", page.sha256)
    assert (row["warc_offset"], row["warc_length"]) == (page.location.offset, page.location.length)
    assert (row["size"], row["content_type"], row["charset"]) == (page.size, page.content_type, "utf-8")
    assert installation.bad() == {}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_a_row_that_was_deleted_is_found_and_made_again(installation: Installation, which: int) -> None:
    installation.finish()
    rows = installation.site.rows("SELECT * FROM pages ORDER BY warc_offset")
    installation.execute(f"DELETE FROM pages WHERE sha256 = '{rows[which]['sha256']}'")
    assert installation.bad() == {"foreign keys": "error", "files": "warning"}
    installation.repair()
    assert installation.site.rows("SELECT * FROM pages ORDER BY warc_offset") == rows
    assert installation.bad() == {}


def test_a_body_that_was_archived_twice_needs_no_second_row(installation: Installation) -> None:
    installation.site.serial -= 1
    installation.site.page()
    installation.finish()
    assert installation.bad() == {}


def test_a_file_of_a_run_that_the_database_does_not_know_is_named_and_indexed_uncut(
    installation: Installation, tmp_path: Path
) -> None:
    page = installation.site.page()
    installation.finish()
    foreign = installation.settings.archive / "20200101T000000000000Z-0000-00000.warc.gz"
    shutil.copyfile(installation.archive_file, foreign)
    (installation.settings.archive / page.location.file).write_bytes(foreign.read_bytes()[: page.location.offset])
    with foreign.open("ab") as file:
        file.write(b"torn")
    size = foreign.stat().st_size
    [finding] = [one for one in installation.check() if one.check == "files"]
    assert "1 whole records without a row" in finding.what
    assert "does not know the run" in finding.what
    installation.repair()
    assert installation.site.rows("SELECT warc_file FROM pages WHERE sha256 = ?", page.sha256) == [
        {"warc_file": foreign.name}
    ]
    assert foreign.stat().st_size == size


def test_what_a_run_writes_while_it_is_checked_is_no_fault(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    import ingest.check.files as files

    extents = files.archive_extents

    def grow_first(db: object) -> object:
        installation.site.commit(installation.site.read("a", record(status="closed")))
        installation.site.page()
        installation.site.writer.sync()
        return extents(db)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "archive_extents", grow_first)
    assert "files" not in installation.bad()


def test_no_archive_is_no_fault_where_no_page_is_named(installation: Installation) -> None:
    installation.finish()
    shutil.rmtree(installation.settings.archive)
    installation.execute(
        "DELETE FROM pages",
        "UPDATE incident_versions SET page_sha256 = NULL",
        "UPDATE urls SET page_sha256 = NULL",
        "UPDATE fetches SET page_sha256 = NULL",
    )
    assert installation.bad() == {}


def test_a_quick_check_verifies_a_sample(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    installation.finish()
    monkeypatch.setattr("ingest.check.pages.SAMPLE", 2)
    [pages] = [finding for finding in installation.check(quick=True) if finding.check == "pages"]
    assert pages.what.startswith("2 of 3 archived pages")
    for offset, length in installation.places():
        installation.flip(offset + length // 2)
    assert installation.bad(quick=True)["pages"] == "error"


def test_progress_counts_every_page(installation: Installation) -> None:
    announced, done = [], []
    installation.check(announce=announced.append, report_done=done.append)
    assert (announced, sum(done)) == ([3], 3)
