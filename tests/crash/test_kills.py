"""After the process dies for any reason, the same command again loses nothing, repeats nothing, invents no change."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.crash.trial import Trial
from tests.loopback import Answer, serve
from tests.scrape.replica import Replica, incident_page

KILLS = int(os.environ.get("INGEST_KILLS", "12"))
"""How often a scrape is killed; a reparse, which has fewer steps, a third as often."""
PART = int(os.environ.get("INGEST_PART", "0"))
"""Which part of a soak this is, from 1: the parts go through the numbered steps one after the other."""
SEED = int(os.environ.get("INGEST_SEED", "1"))
CORRECTIONS = """
[[corrections]]
field = "model"
printed = "Breeze 2"
right = "Breeze II"
[[corrections]]
field = "date_occurred"
printed = "soon"
right = "2025-03-01"
"""


def first_edition(replica: Replica) -> None:
    pages: dict[str, Any] = {f"page_{n}": incident_page(f"Incident {n}", Estimated_Cost="9 USD") for n in range(12)}
    replica.publish(**pages, odd=incident_page("Odd", Date_Occurred="soon"), broken=Answer("no", 404))


def second_edition(replica: Replica) -> None:
    replica.publish(
        page_1=incident_page("Incident 1", "Low"),
        page_2=Answer("gone", 410),
        page_3=Answer("", 301, {"Location": "/incidents/page-4"}),
        odd=incident_page("Odd"),
        fresh=incident_page("Fresh"),
        page_5="<!doctype html><title>Just a moment...</title><h1>Checking your browser</h1>",
    )
    replica.unlist("page-6")
    del replica.site.pages["/incidents/page-6"]


@pytest.fixture(scope="module", params=["scrape", "reparse"])
def trial(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    folder = tmp_path_factory.mktemp("kills")
    with serve() as site, pytest.MonkeyPatch.context() as patch:
        replica = Replica(site, folder / "between")
        first_edition(replica)
        replica.scrape(status=1)
        second_edition(replica)
        if request.param == "scrape":
            options = ["--base-url", site.url, "--allow-host", site.host, "--delay", "0"]
            yield Trial(["scrape", "provyn", *options], replica.data, KILLS)
        else:
            patch.setenv("INGEST_SOURCES", str(mended_source(folder)))
            asked = len(site.asked)
            yield Trial(["reparse", "provyn"], replica.data, KILLS // 3)
            assert len(site.asked) == asked, "a reparse makes no request"


def mended_source(folder: Path) -> Path:
    """A folder with the source's file, mended so that every record changes, a failure is read and drift goes."""
    sources = folder / "sources"
    sources.mkdir()
    text = files("parsers").joinpath("sites/provyn.toml").read_text(encoding="utf-8")
    (sources / "provyn.toml").write_text("ignore = ['Estimated Cost']\n" + text + CORRECTIONS)
    return sources


def test_a_run_killed_at_any_step_is_finished_by_the_same_command(trial: Trial) -> None:
    kills = trial.kills * 7 // 10
    every = list(range(1, trial.steps + 1))
    if PART:
        chosen = [every[(number + (PART - 1) * kills) % len(every)] for number in range(kills)]
    else:
        chosen = random.Random(SEED).sample(every * (1 + kills // len(every)), kills)
    killed = 0
    for number, step in enumerate(chosen):
        data = trial.fresh_data(number)
        # How results fall into commits varies, so a run may end before one of the last steps.
        killed += trial.run(step, data).returncode == -9
        trial.finish(data)
    print(
        f"{trial.arguments[0]}: INGEST_SEED={SEED}, {killed} of {kills} killed at {len(set(chosen))} different steps "
        f"of {trial.steps}, no difference"
    )
    assert killed >= kills - max(1, kills // 10), f"{killed} of {kills} were killed, seed {SEED}"


def test_a_run_killed_at_any_moment_is_finished_by_the_same_command(trial: Trial) -> None:
    dice, wanted, latest = random.Random(SEED), trial.kills // 5, trial.seconds
    killed = tries = 0
    while killed < wanted and tries < 3 * wanted + 3:
        data = trial.fresh_data(f"moment-{tries}")
        if trial.run_until(dice.uniform(0.2 * latest, latest), data):
            killed += 1
        else:
            latest *= 0.8  # the machine has become faster
        trial.finish(data)
        tries += 1
    print(f"{trial.arguments[0]}: INGEST_SEED={SEED}, {killed} of {tries} killed at moments, no difference")
    assert killed == wanted, f"{killed} were killed, seed {SEED}"


def test_a_run_killed_twice_is_finished_by_the_same_command(trial: Trial) -> None:
    dice = random.Random(SEED)
    for number in range(max(1, trial.kills // 20)):
        data = trial.fresh_data(f"twice-{number}")
        for _ in range(2):
            trial.run(dice.randrange(1, trial.steps // 2), data)
        trial.finish(data)
