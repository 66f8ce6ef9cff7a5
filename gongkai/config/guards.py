"""Every trigger the database must have; asked at each start and in the tests."""

from gongkai.calendars.guards import GUARDS as CALENDARS
from gongkai.channels.guards import GUARDS as CHANNELS
from gongkai.disclosure.guards import GUARDS as DISCLOSURE
from gongkai.foi.guards import GUARDS as FOI
from gongkai.ledger.guards import missing
from gongkai.ledger.own_guards import GUARDS as LEDGER
from gongkai.notices.guards import GUARDS as NOTICES
from gongkai.reporting.guards import GUARDS as REPORTING
from gongkai.review.guards import GUARDS as REVIEW
from gongkai.scanning.guards import GUARDS as SCANNING

ALL = [*LEDGER, *CALENDARS, *REVIEW, *SCANNING, *DISCLOSURE, *FOI, *NOTICES, *CHANNELS, *REPORTING]


def missing_guards() -> list[str]:
    """Names of triggers that are not in the database."""
    return missing(ALL)
