"""Addresses of the public site. An item's address is its index number, which is never reused."""

from django.urls import path, re_path

from gongkai.portal import urls_request, urls_track
from gongkai.portal.views import (
    browse,
    calculator,
    calculator_due,
    calculator_fee,
    calculator_tree,
    corrections,
    feeds,
    home,
    items,
    pages,
    search,
)

app_name = "portal"

ITEM = r"^items/(?P<index_number>[^?#]+?)/"

urlpatterns = [
    path("", home.home, name="home"),
    path("open/", browse.open_contents, name="open"),
    path("open/latest/", browse.latest, name="latest"),
    path("open/heading/<str:code>/", browse.by_heading, name="heading"),
    path("open/agency/<str:code>/", browse.by_agency, name="agency"),
    path("open/theme/<path:name>/", browse.by_theme, name="theme"),
    path("open/year/<int:year>/", browse.by_year, name="year"),
    path("open/column/<slug:slug>/", browse.by_column, name="column"),
    path("open/catalogue/", browse.catalogue, name="catalogue"),
    path("open/catalogue/<int:serial>/<str:organ>/", browse.by_entry, name="entry"),
    path("search/", search.search, name="search"),
    path("guide/", pages.guide, name="guide"),
    path("rules/", calculator.start, name="calculator"),
    path("rules/due/", calculator_due.due, name="calculator_due"),
    path("rules/reply/", calculator_tree.tree, name="calculator_reply"),
    path("rules/fee/", calculator_fee.fee, name="calculator_fee"),
    path("institutions/", pages.rules, name="rules"),
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
    path("feed/", feeds.latest, name="feed"),
    path("feed/agency/<str:code>/", feeds.by_agency, name="feed_agency"),
    path("feed/heading/<str:code>/", feeds.by_heading, name="feed_heading"),
    path("sitemap.xml", feeds.sitemap_xml, name="sitemap_xml"),
    path("robots.txt", feeds.robots, name="robots"),
    re_path(ITEM + r"files/(?P<order>\d+)/(?P<filename>[^/]+)$", items.file, name="file"),
    re_path(ITEM + r"images/(?P<digest>[0-9a-f]{64})$", items.image, name="image"),
    re_path(ITEM + r"print/$", items.print_item, name="print"),
    re_path(ITEM + r"$", items.item, name="item"),
]
