"""The published file as pages for people: Datasette, with hand-written metadata, templates and one plugin.

No page has a script or loads anything from elsewhere, and its Content-Security-Policy says so.
"""
