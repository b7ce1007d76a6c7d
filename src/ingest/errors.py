"""The one exception that ends a command with status 2."""


class IngestError(Exception):
    """The command could not run. The message is one sentence: what, where, what to do."""


class ArchiveError(IngestError):
    """The archive does not hold the page that its index names."""
