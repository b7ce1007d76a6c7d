"""Serve the sample site until Ctrl-C: `python -m ingest.sample [--edition N] [--port P]`."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from ingest.sample.editions import editions
from ingest.sample.server import serve


def main() -> int:
    """Print the address and serve. Exit status 0 after Ctrl-C, 2 where the port is taken."""
    numbers = [edition.number for edition in editions()]
    parser = argparse.ArgumentParser("python -m ingest.sample", description="Serve the sample incident site.")
    parser.add_argument("--edition", type=int, choices=numbers, default=1, help="the state of the site [1]")
    parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1 [a free one]")
    options = parser.parse_args()
    try:
        # A shell that starts it with & may have had SIGINT ignored.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with serve(options.edition, options.port) as site:
            sys.stdout.write(f"Edition {site.edition} of the sample site: {site.url}/incidents (Ctrl-C ends it)\n")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except (OSError, OverflowError) as error:
        sys.stderr.write(f"Port {options.port} of 127.0.0.1 can't be served: {error}. Choose another with --port.\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
