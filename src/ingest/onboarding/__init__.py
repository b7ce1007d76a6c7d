"""From example pages of a site that nobody has described to its source's file, and what a file makes of its pages.

Pure: pages and sources in, drafts and tallies out.
"""
