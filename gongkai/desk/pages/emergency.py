"""The emergency screen: what must be there already, what stays open, and why a button may not be pressed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongkai.desk.pages.schedule import when
from gongkai.disclosure.models import Item, Release, Version
from gongkai.disclosure.queries.desk import case_of_version
from gongkai.law.review import counted, may_release_in_emergency
from gongkai.review.queries import standing
from gongkai.scanning.queries import may_pass


def emergency_page(item: Item, version: Version, typed: Mapping[str, str]) -> dict[str, Any]:
    case = case_of_version(version)
    if case is None:
        raise Version.DoesNotExist
    now = standing(case)
    missing = [s.title for s in now.steps if len(counted(s, now.opinions, case.digest)) < s.quorum]
    verdict = may_release_in_emergency(now.steps, now.opinions, digest=version.digest, author=now.author)
    if verdict:
        verdict = may_pass(version.digest)
    return {
        "item": item,
        "version": version,
        "case": case,
        "missing": missing,
        "out": Release.objects.filter(version=version).first(),
        "why": "" if verdict else str(verdict),
        "scheduled": when(item),
        "typed": typed,
    }
