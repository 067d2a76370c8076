"""Addresses of the services room; the directory itself is one of the main places."""

from django.urls import include, path

from footbridge.journey.services import views, views_editing

service_patterns = [
    path("load/", views.load, name="load"),
    path("export/", views.export, name="export"),
    path("services.json", views.export_json, name="export_json"),
    path("stale/", views_editing.stale, name="stale"),
    path("<uuid:service_id>/", views.one, name="one"),
    path("<uuid:service_id>/edit/", views_editing.edit, name="edit"),
    path("<uuid:service_id>/checked/", views_editing.checked, name="checked"),
    path("<uuid:service_id>/undo/", views_editing.undo, name="undo"),
]
urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/", include((service_patterns, "services"))),
]
