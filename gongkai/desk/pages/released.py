"""Look up what is public, to point to it: by title, document number or index number."""

from __future__ import annotations

from django.db.models import Q

from gongkai.disclosure.models import Release
from gongkai.disclosure.queries.public import listed

MOST = 20


def find_released(query: str) -> list[Release]:
    """At most twenty live releases, newest first; none for an empty query."""
    query = query.strip()
    if not query:
        return []
    rows = listed().filter(standing="live").select_related("version", "item", "organ")
    return list(
        rows.filter(
            Q(item__index_number=query) | Q(version__doc_number__icontains=query) | Q(version__title__icontains=query)
        ).order_by("-released_at")[:MOST]
    )
