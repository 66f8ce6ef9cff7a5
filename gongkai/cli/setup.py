"""Load settings and models; called by each command that needs the database, so that the others start at once."""

import django
from django.apps import apps
from django.conf import settings


def ready() -> None:
    """Make Django usable and the home folder present. Calling it twice is harmless."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    if not apps.ready:
        django.setup()
