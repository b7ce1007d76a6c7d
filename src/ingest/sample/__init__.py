"""The demo's site: two dozen incidents in three editions, served from loopback. `python -m ingest.sample` shows it."""
