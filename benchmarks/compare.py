"""Ours beside Scrapy, Crawlee and a bare loop, in turn on one machine: `make bench`, or python -m benchmarks.compare.

Each round runs every contender on the same pages from the same web server, once on a site of one page, which is its
start-up, and once on all pages. Figures are medians over the rounds; ratios are taken within a round. Writes
comparison.json after every round, and comparison.png, into benchmarks/results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.contenders import ROOT, Contender, Job, groups
from benchmarks.environments import EnvironmentMissing, prepare
from benchmarks.figures import Spread, figures, prefect_share, ratios
from benchmarks.running import ContenderFailed, Outcome, clear, describe, run
from benchmarks.serving import Server, serve
from benchmarks.site import page

WORK = ROOT / ".bench"
RESULTS = ROOT / "benchmarks" / "results"
QUIET = 0.1
"""The share of the machine that other programs may use while it is measured."""
CORES = len(os.sched_getaffinity(0))


def main() -> None:
    wishes = _read_arguments()
    WORK.mkdir(exist_ok=True)
    wishes.out.mkdir(parents=True, exist_ok=True)
    found, left_out = groups(WORK)
    teams = [team for team in found if not wishes.only or any(one.name in wishes.only for one in team)]
    for sentence in left_out:
        print(sentence, file=sys.stderr)
    outcomes: list[Outcome] = []
    with serve(WORK, 1) as small, serve(WORK, wishes.pages) as large:
        print(f"{wishes.pages} pages of {_page_kb()} kB from {large.software}, {wishes.rounds} rounds, {CORES} cores.")
        _warm_up(teams, small, wishes.concurrency)
        for number in range(wishes.rounds):
            print(f"Round {number + 1}", flush=True)
            turn = number % len(teams)
            for team in [*teams[turn:], *teams[:turn]]:
                for site in (small, large):
                    outcomes += _run_team(team, site, wishes.concurrency, left_out)
            result = _summarise(outcomes, teams, left_out, wishes, large)
            (wishes.out / "comparison.json").write_text(json.dumps(result, indent=2) + "\n")
    _print(result)
    _draw(wishes.out)


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compare", description=__doc__)
    parser.add_argument("--pages", type=int, default=5000, help="incident pages of the site [5000]")
    parser.add_argument("--rounds", type=int, default=3, help="how often each contender runs [3]")
    parser.add_argument("--concurrency", type=int, default=16, help="requests at a time, the same for all [16]")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="only the groups with these contenders")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the JSON and the picture go")
    return parser.parse_args()


def _warm_up(teams: Sequence[Sequence[Contender]], site: Server, concurrency: int) -> None:
    """A first run of each that nobody counts: bytecode is compiled, Prefect's database is made."""
    for team in teams:
        _run_team(team, site, concurrency, [], quiet=True)


def _run_team(
    team: Sequence[Contender], site: Server, concurrency: int, left_out: list[str], quiet: bool = False
) -> list[Outcome]:
    """One after the other, on what the first has made. What fails is said, and those after it are left out."""
    job = Job(site, clear(WORK / "run"), concurrency)
    outcomes = []
    for contender in team:
        try:
            outcome = run(contender, job)
        except ContenderFailed as failed:
            left_out.append(str(failed))
            print(failed, file=sys.stderr)
            break
        outcomes.append(outcome)
        if not quiet:
            print(describe(outcome), flush=True)
    return outcomes


def _summarise(
    outcomes: list[Outcome],
    teams: Sequence[Sequence[Contender]],
    left_out: list[str],
    wishes: argparse.Namespace,
    site: Server,
) -> dict[str, Any]:
    complete = {one.contender for one in outcomes if one.pages > 1} & {
        one.contender for one in outcomes if one.pages == 1
    }
    took_part = [one for team in teams for one in team if one.name in complete]
    counted = [one for one in outcomes if one.contender in complete]
    share = prefect_share(counted)
    return {
        "machine": describe_machine(),
        "server": site.software,
        "pages": wishes.pages,
        "page_kb": _page_kb(),
        "rounds": wishes.rounds,
        "concurrency": wishes.concurrency,
        "left_out": left_out,
        "figures": [asdict(figures(counted, one.name, one.does, CORES)) for one in took_part],
        "ratios": [asdict(one) for one in ratios(counted)],
        "prefect": share and {"fixed_seconds": asdict(share[0]), "share_beyond": asdict(share[1])},
        "outcomes": [asdict(one) for one in outcomes],
    }


def _print(result: dict[str, Any]) -> None:
    console = Console(highlight=False, markup=False, width=max(100, Console().width))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for heading, justify in HEADINGS.items():
        table.add_column(heading, justify=justify)
    for one in result["figures"]:
        table.add_row(
            one["contender"],
            _spread(one["pages_a_second"], 0),
            _spread(one["startup_seconds"], 1),
            _spread(one["cpu_ms_a_page"], 2),
            f"{one['peak_mb']:.0f}",
            f"{one['busiest_others']:.0%}",
        )
    console.print(table)
    for one in result["figures"]:
        console.print(f"{one['contender']}: {one['does']}.")
    console.print()
    for one in result["ratios"]:
        verdict = "" if one["times"]["median"] >= one["wanted"] else "  <- less than wanted"
        times = _spread(one["times"], 2)
        console.print(f"{one['contender']} / {one['beside']}: {times} (wanted: {one['wanted']}){verdict}")
    if result["prefect"]:
        fixed, share = result["prefect"]["fixed_seconds"], result["prefect"]["share_beyond"]
        console.print(
            f"Prefect takes {_spread(fixed, 1)} s whatever the number of pages, and {share['median']:.1%} beyond."
        )
    for sentence in result["left_out"]:
        console.print(sentence)
    if short := [one["contender"] for one in result["figures"] if not one["beyond_startup"]]:
        console.print(f"Too few pages to tell start-up apart: {', '.join(short)}. Take more with --pages.")
    if any(one["busiest_others"] > QUIET for one in result["figures"]):
        console.print("The machine was busy with other programs: these figures say little of any contender.")


HEADINGS: dict[str, Any] = {
    "": "left",
    "pages a second": "right",
    "start-up, s": "right",
    "CPU, ms a page": "right",
    "peak, MB": "right",
    "busy with others": "right",
}


def _spread(values: dict[str, float], digits: int) -> str:
    one = Spread(**values)
    return f"{one.median:.{digits}f} ({one.low:.{digits}f} to {one.high:.{digits}f})"


def _draw(out: Path) -> None:
    """The picture, by a library of its own environment."""
    try:
        python = prepare(WORK, "chart.txt")
    except EnvironmentMissing as missing:
        print(f"No picture is drawn: {missing}", file=sys.stderr)
        return
    subprocess.run(
        [
            str(python),
            str(Path(__file__).with_name("chart.py")),
            str(out / "comparison.json"),
            str(out / "comparison.png"),
        ],
        check=True,
    )
    print(f"Written: {out}/comparison.json and comparison.png")


def describe_machine() -> dict[str, Any]:
    """What the figures hold for; no name of it."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory_kb = int(Path("/proc/meminfo").read_text().split()[1])
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": CORES,
        "memory_gb": round(memory_kb / 1e6),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
    }


def _page_kb() -> int:
    return round(sum(len(page(number)) for number in range(20)) / 20_000)


if __name__ == "__main__":
    main()
