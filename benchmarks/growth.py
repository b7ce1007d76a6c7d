"""Time a page and peak memory as a site grows: python -m benchmarks.growth --pages 5000, then --pages 100000.

Each call measures one size, so that none takes long, and adds it to benchmarks/results/growth.json; the ratio to the
smallest size is printed. `--work` chooses what is measured: scrape (the first run), unchanged (the second) and reparse
go by the data directory that the scrape of that size has left.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.compare import RESULTS, WORK, describe_machine
from benchmarks.contenders import Job, ours
from benchmarks.environments import build_ours
from benchmarks.running import clear, describe, run
from benchmarks.serving import serve

WORKS = ("scrape", "unchanged", "reparse")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--pages", type=int, default=5000, help="incident pages of the site [5000]")
    parser.add_argument("--work", choices=WORKS, default="scrape", help="what is measured [scrape]")
    parser.add_argument("--concurrency", type=int, default=16, help="requests at a time [16]")
    parser.add_argument("--out", type=Path, default=RESULTS / "growth.json", help="the file to add to")
    wishes = parser.parse_args()
    WORK.mkdir(exist_ok=True)
    startup = _measure(wishes.work, 1, wishes.concurrency)
    full = _measure(wishes.work, wishes.pages, wishes.concurrency)
    known = json.loads(wishes.out.read_text()) if wishes.out.exists() else {}
    known["machine"] = describe_machine()
    known.setdefault(wishes.work, {})[str(wishes.pages)] = _figures(startup, full)
    wishes.out.parent.mkdir(parents=True, exist_ok=True)
    wishes.out.write_text(json.dumps(known, indent=2) + "\n")
    _print(known[wishes.work])


def _measure(work: str, pages: int, concurrency: int) -> dict[str, Any]:
    folder = WORK / f"growth-{pages}"
    if work == "scrape":
        clear(folder)
    with serve(WORK, pages) as site:
        outcome = run(ours(build_ours(WORK))[WORKS.index(work)], Job(site, folder.resolve(), concurrency))
    print(describe(outcome), flush=True)
    return asdict(outcome)


def _figures(startup: dict[str, Any], full: dict[str, Any]) -> dict[str, Any]:
    seconds = full["usage"]["wall_seconds"] - startup["usage"]["wall_seconds"]
    cpu = full["usage"]["cpu_seconds"] - startup["usage"]["cpu_seconds"]
    further = full["pages"] - 1
    return {
        "ms_a_page": 1000 * seconds / further,
        "cpu_ms_a_page": 1000 * cpu / further,
        "peak_mb": full["usage"]["pss_mb"],
        "peak_rss_mb": full["usage"]["rss_mb"],
        "startup_seconds": startup["usage"]["wall_seconds"],
        "outcome": full,
    }


def _print(sizes: dict[str, Any]) -> None:
    ordered = sorted((int(pages), figures) for pages, figures in sizes.items())
    least = ordered[0][1]
    for pages, one in ordered:
        times = {name: one[name] / least[name] for name in ("ms_a_page", "cpu_ms_a_page", "peak_mb")}
        print(
            f"{pages:>8} pages: {one['ms_a_page']:.3f} ms a page ({times['ms_a_page']:.2f} x), "
            f"CPU {one['cpu_ms_a_page']:.3f} ms ({times['cpu_ms_a_page']:.2f} x), "
            f"peak {one['peak_mb']:.0f} MB ({times['peak_mb']:.2f} x; shared pages counted for each process: "
            f"{one['peak_rss_mb']:.0f} MB)"
        )


if __name__ == "__main__":
    main()
