"""prefect.yaml deploys what `ingest serve` serves, for every built-in source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from ingest.schedules import Schedules
from ingest.session import Wishes
from parsers import source_names
from tests.flows import conftest  # Prefect's settings, before its import

ROOT = Path(__file__).parents[2]
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
assert conftest


def test_it_deploys_what_is_served() -> None:
    from flows.serving import FLOWS, plan_deployments

    plans = plan_deployments(source_names(), Schedules(), None, Wishes())
    expected = {
        (
            f"{FLOWS[plan.flow].fn.__module__}:{FLOWS[plan.flow].fn.__name__}",
            plan.name,
            plan.tags,
            plan.cron,
            *plan.parameters.values(),
        )
        for plan in plans
    }
    written = {
        (
            each["entrypoint"],
            each["name"],
            tuple(each["tags"]),
            each["schedules"][0]["cron"] if "schedules" in each else "",
            *each.get("parameters", {}).values(),
        )
        for each in DEPLOYMENTS
    }
    assert written == expected


def test_every_parameter_is_described() -> None:
    from flows.serving import FLOWS

    for flow in FLOWS.values():
        for name, schema in flow.parameters.properties.items():
            assert schema.get("description"), (flow.name, name)
