"""Fixtures of the public site: the office that handles requests, and an applicant who tracks one."""

from tests.foi.conftest import counter, office  # noqa: F401
from tests.portal.tracker import story, town_clock  # noqa: F401
