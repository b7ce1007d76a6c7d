"""The comparison as a picture: python chart.py comparison.json comparison.png (needs matplotlib)."""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

OURS, PEER, INK, FAINT = "#1f6f8b", "#b9c2c8", "#222222", "#777777"


def main() -> None:
    source, target = map(Path, sys.argv[1:])
    result = json.loads(source.read_text())
    figures = sorted(result["figures"], key=lambda one: one["pages_a_second"]["median"])
    rates = [one["pages_a_second"] for one in figures]
    medians = [one["median"] for one in rates]
    below = [one["median"] - one["low"] for one in rates]
    above = [one["high"] - one["median"] for one in rates]
    colours = [OURS if one["contender"].startswith("ingest") else PEER for one in figures]
    figure, axes = plt.subplots(figsize=(9, 0.55 * len(figures) + 1.3), dpi=150)
    axes.barh(range(len(figures)), medians, color=colours, height=0.68)
    axes.errorbar(medians, range(len(figures)), xerr=[below, above], fmt="none", ecolor=INK, elinewidth=1, capsize=3)
    for row, one in enumerate(rates):
        axes.annotate(
            f"{one['median']:,.0f}", (one["high"], row), (6, 0), textcoords="offset points", va="center", color=INK
        )
    axes.set_yticks(range(len(figures)), [one["contender"] for one in figures])
    axes.set_xlim(0, max(one["high"] for one in rates) * 1.1)
    axes.set_title("Pages a second, without start-up", loc="left", fontsize=11, color=INK)
    machine = result["machine"]
    note = (
        f"{result['pages']:,} pages of {result['page_kb']} kB from loopback, {result['concurrency']} at a time, "
        f"{machine['cores']} cores, Python {machine['python']}; median of {result['rounds']} rounds, "
        "lines: lowest to highest"
    )
    figure.text(0.01, 0.01, note, fontsize=7.5, color=FAINT)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="both", length=0, colors=INK)
    axes.xaxis.set_visible(False)
    figure.tight_layout(rect=(0, 0.04, 1, 1))
    figure.savefig(target)


if __name__ == "__main__":
    main()
