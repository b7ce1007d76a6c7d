"""The desk of tests/publish, for what is exported from the database itself."""

from tests.publish.conftest import desk as desk
from tests.publish.conftest import site as site
