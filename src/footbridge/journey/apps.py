"""The journey floor as a Django application."""

from django.apps import AppConfig


class JourneyConfig(AppConfig):
    """A person's path through the programme."""

    name = "footbridge.journey"
    label = "journey"
    default_auto_field = "django.db.models.BigAutoField"
