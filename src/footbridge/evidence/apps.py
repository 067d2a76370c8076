"""The evidence floor as a Django application."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Studies, extracts and comparisons."""

    name = "footbridge.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
