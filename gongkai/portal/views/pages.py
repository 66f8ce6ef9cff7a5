"""指南, 制度, 年报, how to apply, directories and the site's own pages."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongkai.agencies.models import Organ
from gongkai.agencies.queries import organ_tree
from gongkai.disclosure.queries import public
from gongkai.disclosure.queries.shelves import shelf_page, where_of
from gongkai.portal.views import shapes
from gongkai.portal.views.browse import shelf_pager

YEAR = 365 * 24 * 3600


def _column(name: str, kind: str, description: str) -> dict[str, str]:
    return {"name": name, "description": description, "keywords": f"政府信息公开,{name}", "kind": kind}


def _supervisor() -> dict[str, str]:
    return {"name": settings.SITE["operator"], "telephone": settings.SITE["phone"]}


def contacts() -> list[dict[str, Any]]:
    """Contact block of every organ that receives requests (条例12, 27)."""
    return [_contact(organ) for _depth, organ in organ_tree() if organ.kind != "historic"]


def _contact(organ: Organ) -> dict[str, Any]:
    return {
        "name": organ.name,
        "anchor": f"organ-{organ.code}",
        "url": reverse("portal:agency", args=[organ.code]),
        "office": "",
        "address": organ.address,
        "hours": organ.hours,
        "phone": organ.phone,
        "fax": organ.fax,
        "email": organ.email,
        "online": organ.online,
    }


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    rows = public.page(public.listed().filter(column_kind="指南"), on=timezone.localdate()).rows
    return render(
        request,
        "portal/guide.html",
        {
            "section": "guide",
            "crumbs": shapes.crumbs((_("公开指南"), "")),
            "column": _column(_("公开指南"), "指南", _("政府信息的分类、编排体系、获取方式和公开工作机构")),
            "guides": [shapes.list_row(r) for r in rows],
            "total": public.facets({}).total,
            "organs": contacts(),
        },
    )


@require_safe
def rules(request: HttpRequest, number: int | None = None) -> HttpResponse:
    page = shelf_page(where_of("rules", None), number, on=timezone.localdate())
    if page is None:
        raise Http404
    return render(
        request,
        "portal/rules.html",
        {
            "section": "rules",
            "crumbs": shapes.crumbs((_("公开制度"), "")),
            "column": _column(_("公开制度"), "制度", _("政府信息公开的法律、法规、规章和工作制度")),
            "rows": [shapes.list_row(r) for r in page.rows],
            "pager": shelf_pager(reverse("portal:rules"), page),
        },
    )


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """年报: year × agency."""
    rows = public.page(public.listed().filter(column_kind="年报"), on=timezone.localdate(), size=500).rows
    table: dict[str, dict[int, dict[str, str]]] = {}
    for row in rows:
        year = public.report_year(row.title, timezone.localtime(row.released_at).year)
        table.setdefault(row.organ, {})[year] = {"url": shapes.list_row(row)["url"], "title": row.title}
    years = sorted({year for cells in table.values() for year in cells}, reverse=True)
    return render(
        request,
        "portal/reports.html",
        {
            "section": "reports",
            "crumbs": shapes.crumbs((_("公开年报"), "")),
            "column": _column(_("公开年报"), "年报", _("政府信息公开工作年度报告")),
            "years": years,
            "rows": [{"agency": agency, "cells": [cells.get(y) for y in years]} for agency, cells in table.items()],
        },
    )


@require_safe
def apply(request: HttpRequest) -> HttpResponse:
    organs = contacts()
    wanted = f"organ-{request.GET.get('agency', '')}"
    organs.sort(key=lambda organ: organ["anchor"] != wanted)
    return render(
        request,
        "portal/apply.html",
        {
            "section": "apply",
            "crumbs": shapes.crumbs((_("依申请公开"), "")),
            "column": _column(_("依申请公开"), "指南", _("向行政机关申请获取政府信息的办法")),
            "organs": organs,
            "supervisor": _supervisor(),
            "request_url": shapes.address(reverse("portal:request"), [("agency", request.GET.get("agency", "")[:40])]),
        },
    )


@require_safe
def agencies(request: HttpRequest) -> HttpResponse:
    counts = public.facets({}).by["agency"]
    titles = {
        "government": _("人民政府"),
        "department": _("工作部门"),
        "township": _("乡镇、街道"),
        "historic": _("历史发文机关"),
    }
    groups: dict[str, list[dict[str, Any]]] = {}
    for _depth, organ in organ_tree():
        title = titles.get(organ.kind, _("其他机构"))
        groups.setdefault(title, []).append(_contact(organ) | {"count": counts.get(organ.code, 0)})
    return render(
        request,
        "portal/agencies.html",
        {
            "section": "guide",
            "crumbs": shapes.crumbs((_("公开指南"), reverse("portal:guide")), (_("机关名录"), "")),
            "column": _column(_("机关名录"), "指南", _("各机关的地址、电话、办公时间和公开的信息")),
            "groups": [{"title": title, "rows": rows} for title, rows in groups.items()],
        },
    )


@require_safe
def remedies(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "portal/remedies.html",
        {
            "section": "apply",
            "crumbs": shapes.crumbs((_("依申请公开"), reverse("portal:apply")), (_("对答复不服怎么办"), "")),
            "supervisor": _supervisor(),
        },
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    facets = public.facets({})
    return _plain(request, "about", _("关于本平台"), {"total": facets.total, "organs": len(facets.by["agency"])})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return _plain(request, "accessibility", _("无障碍说明"), {})


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    return _plain(request, "contact", _("联系我们"), {"supervisor": _supervisor()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return _plain(request, "privacy", _("隐私说明"), {})


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    facets = public.facets({})
    return _plain(
        request,
        "sitemap",
        _("网站地图"),
        {
            "headings": shapes.counted_headings(facets.by["heading"]),
            "agencies": [
                {"url": reverse("portal:agency", args=[c]), "title": facets.organ_names.get(c, c), "count": n}
                for c, n in facets.by["agency"].items()
            ],
            "years": [
                {"url": reverse("portal:year", args=[y]), "title": _("%(y)s 年") % {"y": y}, "count": n}
                for y, n in sorted(facets.by["year"].items(), reverse=True)
            ],
        },
    )


def _plain(request: HttpRequest, name: str, title: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"portal/{name}.html", {"crumbs": shapes.crumbs((title, "")), **context})


@require_safe
def display(request: HttpRequest, mode: str) -> HttpResponse:
    """大字高对比版: a plain link sets a cookie and goes back where the reader came from."""
    if mode not in ("large", "standard"):
        raise Http404
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie("display", mode, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response
