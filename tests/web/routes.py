"""Routes with the names the templates use, so that frames can be rendered before and without any view."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path

PORTAL = [
    "home",
    "open",
    "latest",
    "apply",
    "guide",
    "rules",
    "reports",
    "search",
    "agencies",
    "remedies",
    "accessibility",
    "about",
    "contact",
    "privacy",
    "sitemap",
    "feed",
    "catalogue",
    "correction",
]
DESK = ["todo", "items", "catalogue", "coverage", "statistics", "people", "profile", "logout"]


def nothing(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path(
        "",
        include(
            (
                [path("" if name == "home" else f"{name}/", nothing, name=name) for name in PORTAL]
                + [re_path(r"^display/(?P<mode>large|standard)/$", nothing, name="display")],
                "portal",
            )
        ),
    ),
    path("desk/", include(([path(f"{name}/", nothing, name=name) for name in DESK], "desk"))),
]
