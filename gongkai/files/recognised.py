"""The second half of reading: pictures a parser has named are looked at one by one, each with limits of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from gongkai.files.refusal import Unreadable
from gongkai.files.sandbox import MEGABYTE, Limits, run_many

#: One picture: the models need 1,080 MB of address space for a page of 2,000 points; a dense page takes 2.5 seconds
#: of a core.
LIMITS = Limits(memory=1536 * MEGABYTE, seconds=60, start_seconds=120)
#: [M] Pages and pictures of one file; more would keep an office waiting for a quarter of an hour.
MOST_SCANS = 120
#: [M] Small pictures and pictures in office files; beyond it a person has to look.
MOST_OPTIONAL = 20
#: Codes of pictures that no program could read; a person still can.
NOT_RECOGNISED = frozenset(("ocr-missing", "ocr-unsure", "too-many-scans"))
#: A picture that has not been read lets a file pass only if it is small; these say what there was.
_UNREAD = "{places}有图片，其中的文字没有检查，请打开核对。原因：{why}"
_MANY = "图片太多，没有逐张识别。"
_PARTLY = "{place}有 {count} 处文字认不出来，请打开核对。"
_NOTHING = "{place}没有认出文字，请打开核对。"


class Recogniser:
    """Looks at one picture after another in one child, which is started when the first picture comes."""

    def __init__(self) -> None:
        self._call: tuple[str, str, dict[str, Any]] | None = None
        self._outcomes = run_many("gongkai.files.parsers.ocr:look", iter(lambda: self._call, None), limits=LIMITS)

    def look(self, path: str, kind: str, scan: Mapping[str, Any]) -> dict[str, Any] | Unreadable:
        """`{"parts", "unread"}`, or why there is none."""
        self._call = (path, kind, {"where": _where(scan), **scan})
        outcome: dict[str, Any] | Unreadable = next(self._outcomes)
        return outcome

    def close(self) -> None:
        """End the child."""
        self._outcomes.close()


def with_pictures(path: str, kind: str, found: Mapping[str, Any], recogniser: Recogniser) -> dict[str, Any]:
    """What a parser found, with the lines in its `scans` put in after the page or part they stand on."""
    if not found.get("scans"):
        return dict(found)
    scans, left = _chosen(found["scans"])
    unread: dict[str, list[str]] = {_MANY: left} if left else {}
    parts: list[tuple[dict[str, Any], str]] = [(where, text) for where, text in found["parts"]]
    warnings = list(found["warnings"])
    known = _by_page(parts)
    for scan in scans:
        outcome, place = recogniser.look(path, kind, scan), _place(scan)
        if isinstance(outcome, Unreadable):
            if scan["must"]:
                raise Unreadable(outcome.code, f"{place}：{outcome.sentence}", outcome.detail)
            unread.setdefault(outcome.sentence, []).append(place)
            continue
        parts += [(where, text) for where, text in outcome["parts"] if not _is_known(where, known)]
        if outcome["unread"]:
            warnings.append(_PARTLY.format(place=place, count=outcome["unread"]))
        elif scan["must"] and not outcome["parts"]:
            warnings.append(_NOTHING.format(place=place))
    for why, places in unread.items():
        told = "、".join(places[:5]) + (f"等 {len(places)} 处" if len(places) > 5 else "")
        warnings.append(_UNREAD.format(places=told, why=why))
    return {**found, "parts": _in_order(parts), "warnings": list(dict.fromkeys(warnings))}


def _chosen(scans: Sequence[Mapping[str, Any]]) -> tuple[list[Mapping[str, Any]], list[str]]:
    """The pictures to look at, and the places of the small ones that are too many."""
    if sum(scan["must"] for scan in scans) > MOST_SCANS:
        raise Unreadable(
            "too-many-scans",
            f"文件里有 {len(scans)} 页扫描件或图片，一次最多识别 {MOST_SCANS} 页。请拆分成几个文件，"
            "或者先用扫描软件做文字识别（双层 PDF）后再上传。",
        )
    optional = [number for number, scan in enumerate(scans) if not scan["must"]]
    left = set(optional[MOST_OPTIONAL:])
    return [scan for number, scan in enumerate(scans) if number not in left], [_place(scans[n]) for n in sorted(left)]


def _in_order(parts: Sequence[tuple[dict[str, Any], str]]) -> list[tuple[dict[str, Any], str]]:
    """What is seen, page by page, and then what is not."""
    seen = [part for part in parts if "hidden" not in part[0]]
    if all("page" in where for where, _ in seen):
        seen.sort(key=lambda part: part[0]["page"])
    return [*seen, *(part for part in parts if "hidden" in part[0])]


def _where(scan: Mapping[str, Any]) -> dict[str, Any]:
    return {key: scan[key] for key in ("page", "member") if key in scan}


def _place(scan: Mapping[str, Any]) -> str:
    if "frame" in scan:
        return "图片里"
    return f"第 {scan['page']} 页" if "page" in scan else f"文件（{scan['member']}）里"


def _is_known(where: Mapping[str, Any], known: Mapping[int, Sequence[Sequence[float]]]) -> bool:
    """Does a line of the text layer already stand there?"""
    x0, y0, x1, y1 = where["rect"]
    covered: float = 0.0
    for a0, b0, a1, b1 in known.get(where.get("page", 0), ()):
        covered += max(min(x1, a1) - max(x0, a0), 0.0) * max(min(y1, b1) - max(y0, b0), 0.0)
    return bool(covered > 0.5 * max((x1 - x0) * (y1 - y0), 0.01))


def _by_page(parts: Sequence[tuple[Mapping[str, Any], str]]) -> Mapping[int, list[Sequence[float]]]:
    """The places of the lines that are seen."""
    pages: dict[int, list[Sequence[float]]] = defaultdict(list)
    for where, _ in parts:
        if "rect" in where and "page" in where and "hidden" not in where:
            pages[where["page"]].append(where["rect"])
    return pages
