"""Incident pages in, a versioned SQLite database out."""
