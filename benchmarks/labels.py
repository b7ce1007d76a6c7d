"""The label reader beside hand-written selectors on the same pages: python -m benchmarks.labels.

Each contender reads the same generated pages of 21 kB from memory, in one process of its own, in turn, in several
rounds. Counted is CPU time from the bytes to the pairs, so that other programs on the machine disturb little. Figures
are medians with the lowest and the highest; ratios are taken within a round. A run counts only if it finds every label
with its value.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from statistics import median

from benchmarks.environments import HERE, ROOT, EnvironmentMissing, build_ours, prepare
from benchmarks.site import LABELS, SECTIONS, page
from ingest.labels import Pair, read_labels
from ingest.page import open_page

WORDS = (*LABELS, *SECTIONS)
PEER = "lxml + parsel, selectors by hand"
OURS = {
    "known": "ingest, the source's labels known",
    "guessed": "ingest, no label known, all pages together",
}
WORK = ROOT / ".bench"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--pages", type=int, default=400)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--contender", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.contender:
        print(json.dumps(run_ours(given.contender[0], read_folder(given.contender[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.pages):
            Path(folder, f"{number:06}.html").write_bytes(page(number))
        rounds = [run_round(folder, number) for number in range(given.rounds)]
    print_figures(rounds, given.pages)


def read_folder(folder: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(Path(folder).glob("*.html"))]


def run_ours(name: str, bodies: Sequence[bytes]) -> dict[str, object]:
    """CPU seconds from bytes to pairs, and the pairs of each page."""
    words = WORDS if name == "known" else ()
    read_pages(bodies[:2], words)
    start = time.process_time()
    pages = read_pages(bodies, words)
    seconds = time.process_time() - start
    return {"seconds": seconds, "pairs": [{pair.label: pair.value for pair in pairs} for pairs in pages]}


def read_pages(bodies: Sequence[bytes], words: Sequence[str]) -> list[tuple[Pair, ...]]:
    """The pairs of each page: page by page where labels are known, else of all pages together."""
    if words:
        return [read_labels([root], words)[0] for body in bodies if (root := open_page(body).root) is not None]
    return read_labels([root for body in bodies if (root := open_page(body).root) is not None])


def find_packages() -> dict[str, Path]:
    """The folders of our packages by what sets them apart: as sources, and compiled where that can be made."""
    WORK.mkdir(exist_ok=True)
    try:
        return {"compiled": build_ours(WORK), "plain Python": ROOT}
    except EnvironmentMissing as missing:
        print(missing, file=sys.stderr)
        return {"plain Python": ROOT}


def run_round(folder: str, number: int) -> dict[str, float]:
    """CPU seconds of each contender; the next round begins with another one."""
    python = prepare(WORK, "peers/scrapy.txt")
    runs = {PEER: ([str(python), str(HERE / "peers" / "parsel_labels.py"), folder], ROOT)}
    for (name, shown), (how, packages) in product(OURS.items(), find_packages().items()):
        command = [sys.executable, "-P", "-m", "benchmarks.labels", "--contender", name, folder]
        runs[f"{shown}, {how}"] = command, packages
    order = list(runs)
    order = order[number % len(order) :] + order[: number % len(order)]
    return {shown: run_one(shown, *runs[shown]) for shown in order}


def run_one(shown: str, command: Sequence[str], packages: Path) -> float:
    environment = {**os.environ, "PYTHONPATH": f"{packages}{os.pathsep}{ROOT}"}
    ended = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    result = json.loads(ended.stdout)
    for number, pairs in enumerate(result["pairs"]):
        missed = [label for label in WORDS if not pairs.get(label)]
        if missed:
            raise SystemExit(f"{shown} has not read {', '.join(missed)} of page {number}: its time does not count.")
    return float(result["seconds"])


def print_figures(rounds: Sequence[Mapping[str, float]], pages: int) -> None:
    print(f"{pages} pages, {len(rounds)} rounds; pages a second of CPU, one process")
    for shown in rounds[0]:
        rates = [pages / each[shown] for each in rounds]
        ratio = median(each[PEER] / each[shown] for each in rounds)
        print(f"  {shown:60} {median(rates):6.0f}  ({min(rates):.0f} to {max(rates):.0f})   × {ratio:.2f}")


if __name__ == "__main__":
    main()
