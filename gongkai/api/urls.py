"""Addresses of the pull API. A new version gets a new beginning; version 1 stays as it is."""

from django.urls import path, re_path

from gongkai.api import views

app_name = "api"

urlpatterns = [
    path("v1/openapi.json", views.description, name="openapi"),
    re_path(r"^v1/changes/?$", views.changes, name="changes"),
    re_path(r"^v1/items/?$", views.items, name="items"),
    re_path(r"^v1/items/(?P<index_number>.+?)/?$", views.item, name="item"),
    re_path(r"", views.unknown, name="unknown"),
]
