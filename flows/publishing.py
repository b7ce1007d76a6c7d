"""Has what a good run has brought published, by a run of its own."""

from __future__ import annotations

from prefect import get_run_logger, runtime
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound

DEPLOYMENT = "all"
"""The name of the deployment that publishes: one file holds all sources."""
GOOD = ("Completed", "WithFailures")
"""The states of a run after which there may be something to publish."""


async def publish_after(state: State[object]) -> None:
    """Ask for a run of the deployment that publishes, where a run of another deployment has ended well.

    An event could do so too, but the server loses events while its database is busy.
    """
    if state.name not in GOOD or runtime.deployment.id is None:
        return
    async with get_client() as client:
        try:
            deployment = await client.read_deployment_by_name(f"publish/{DEPLOYMENT}")
        except ObjectNotFound:
            get_run_logger().info("Nothing publishes: there is no deployment publish/%s.", DEPLOYMENT)
            return
        await client.create_flow_run_from_deployment(deployment.id)
