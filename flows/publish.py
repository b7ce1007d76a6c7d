"""The flow that publishes: the same as `ingest publish`. After a scrape that changed nothing it writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from ingest.errors import IngestError
from ingest.lease import LeaseTakenError
from ingest.publish import KEPT, Held
from ingest.publish import publish as publish_snapshot
from ingest.settings import load_settings


@flow(name="publish", flow_run_name="publish", persist_result=False)
def publish(data: Path | None = None, keep: int = KEPT) -> State[Any]:
    """Bring the published file to the state of the database, unless a source is held.

    Args:
        data: The data directory; else INGEST_DATA, else ./data.
        keep: Earlier files to keep.
    """
    try:
        result = publish_snapshot(load_settings(data), keep)
    except LeaseTakenError as error:
        return Completed(name="Skipped", message=str(error))
    except IngestError as error:
        return Failed(message=str(error))
    if isinstance(result, Held):
        return Completed(name="Held", message=f"Nothing is published: {', '.join(result.sources)} is held.")
    message = f"{result.manifest.incidents} incidents, cursor {result.manifest.cursor}"
    return Completed(name="Completed" if result.written else "Unchanged", message=message)
