"""The trust floor as a Django application."""

from django.apps import AppConfig


class TrustConfig(AppConfig):
    """Keys, recognition, access and the trail."""

    name = "footbridge.trust"
    label = "trust"
    default_auto_field = "django.db.models.BigAutoField"
