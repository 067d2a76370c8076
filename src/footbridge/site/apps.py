"""The site floor as a Django application."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Pages that belong to no room, templates, static files."""

    name = "footbridge.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"
