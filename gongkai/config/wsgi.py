"""WSGI entry, for granian in `gongkai serve` and for any other server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.dev")
application = get_wsgi_application()
