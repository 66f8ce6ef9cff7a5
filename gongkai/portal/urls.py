"""Addresses of the public site. An item's address is its index number, which is never reused."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path, re_path

from gongkai.portal import urls_request, urls_track
from gongkai.portal.views import (
    board,
    browse,
    calculator,
    calculator_due,
    calculator_fee,
    calculator_tree,
    callbacks,
    corrections,
    feeds,
    handbooks,
    home,
    items,
    pages,
    search,
    subscribe,
)

app_name = "portal"


def _shelf(route: str, view: Callable[..., HttpResponse], name: str) -> list[URLPattern]:
    """A list and its numbered pages (docs/adr/0009-pages-that-keep-their-place.md)."""
    return [
        path(f"{route}page/<int:number>/", view, name=f"{name}_page"),
        path(route, view, name=name),
    ]


ITEM = r"^items/(?P<index_number>[^?#]+?)/"

urlpatterns = [
    # First, since they are asked for most.
    re_path(ITEM + r"files/(?P<order>\d+)/(?P<filename>[^/]+)$", items.file, name="file"),
    re_path(ITEM + r"images/(?P<digest>[0-9a-f]{64})$", items.image, name="image"),
    re_path(ITEM + r"print/$", items.print_item, name="print"),
    re_path(ITEM + r"$", items.item, name="item"),
    path("", home.home, name="home"),
    path("open/", browse.open_contents, name="open"),
    *_shelf("open/latest/", browse.latest, "latest"),
    *_shelf("open/heading/<str:code>/", browse.by_heading, "heading"),
    *_shelf("open/agency/<str:code>/", browse.by_agency, "agency"),
    *_shelf("open/theme/<path:name>/", browse.by_theme, "theme"),
    *_shelf("open/year/<int:year>/", browse.by_year, "year"),
    *_shelf("open/column/<slug:slug>/", browse.by_column, "column"),
    *_shelf("open/catalogue/", browse.catalogue, "catalogue"),
    *_shelf("open/catalogue/<int:serial>/<str:organ>/", browse.by_entry, "entry"),
    path("search/", search.search, name="search"),
    path("guide/", pages.guide, name="guide"),
    path("rules/", calculator.start, name="calculator"),
    path("rules/due/", calculator_due.due, name="calculator_due"),
    path("rules/reply/", calculator_tree.tree, name="calculator_reply"),
    path("rules/fee/", calculator_fee.fee, name="calculator_fee"),
    *_shelf("institutions/", pages.rules, "rules"),
    path("reports/", pages.reports, name="reports"),
    path("apply/", pages.apply, name="apply"),
    *urls_request.urlpatterns,
    *urls_track.urlpatterns,
    path("agencies/", pages.agencies, name="agencies"),
    path("remedies/", pages.remedies, name="remedies"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("about/", pages.about, name="about"),
    path("contact/", pages.contact, name="contact"),
    path("privacy/", pages.privacy, name="privacy"),
    path("sitemap/", pages.sitemap, name="sitemap"),
    path("display/<str:mode>/", pages.display, name="display"),
    path("correction/", corrections.correction, name="correction"),
    path("subscribe/", subscribe.subscribe, name="subscribe"),
    path("subscribe/confirm/<str:token>/", subscribe.confirm, name="subscribe_confirm"),
    path("subscribe/leave/<str:token>/", subscribe.leave, name="subscribe_leave"),
    path("callback/wechat/", callbacks.wechat, name="callback_wechat"),
    path("board/", board.board, name="board"),
    path("board/worker.js", board.worker, name="board_worker"),
    path("board/<str:code>/", board.board, name="board_organ"),
    path("handbooks/", handbooks.handbooks, name="handbooks"),
    path("handbooks/<int:number>.pdf", handbooks.handbook, name="handbook"),
    path("feed/", feeds.latest, name="feed"),
    path("feed/agency/<str:code>/", feeds.by_agency, name="feed_agency"),
    path("feed/heading/<str:code>/", feeds.by_heading, name="feed_heading"),
    path("feed/theme/<path:name>/", feeds.by_theme, name="feed_theme"),
    path("sitemap.xml", feeds.sitemap_xml, name="sitemap_xml"),
    path("robots.txt", feeds.robots, name="robots"),
]
