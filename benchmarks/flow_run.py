"""Ours under Prefect: the flow on a temporary server, as `ingest demo` runs it.

python -m benchmarks.flow_run PREFECT_HOME DATA BASE_URL HOST CONCURRENCY
"""

from __future__ import annotations

import sys
from pathlib import Path

from flows.environment import use_own_prefect


def main() -> None:
    home, data, base_url, host, concurrency = sys.argv[1:]
    use_own_prefect(Path(home))
    from flows.running import run_flow
    from flows.scrape import scrape

    state = run_flow(
        scrape(
            "bench",
            Path(data),
            base_url,
            delay_seconds=0,
            concurrency=int(concurrency),
            allow_hosts=(host,),
            return_state=True,
        )
    )
    if state is None or not state.is_completed():
        sys.exit(f"The flow ended as {state}.")


if __name__ == "__main__":
    main()
