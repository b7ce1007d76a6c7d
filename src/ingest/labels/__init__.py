"""Labels and their values, read off any page by what it prints and where it stands: no site, class or id is known.

A label is a short text that names what stands beside it. One relation of the page's tree leads from each label to its
value, and one page mostly uses few relations. So: find the labels, try each relation on each of them, and let the
labels of one block vote.
"""

from ingest.labels.pair import RELATIONS, Pair, folded_key, label_key
from ingest.labels.reader import read_labels

__all__ = ["RELATIONS", "Pair", "folded_key", "label_key", "read_labels"]
