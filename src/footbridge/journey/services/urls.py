"""Addresses of the services room; the directory itself is one of the main places."""

from django.urls import include, path

from footbridge.journey.services import views

service_patterns = [
    path("load/", views.load, name="load"),
    path("export/", views.export, name="export"),
    path("<uuid:service_id>/", views.one, name="one"),
]
urlpatterns = [
    path("directory/", views.directory, name="directory"),
    path("directory/", include((service_patterns, "services"))),
]
