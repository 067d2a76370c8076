"""The journey floor as a Django application."""

from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class JourneyConfig(AppConfig):
    """A person's path through the programme."""

    name = "footbridge.journey"
    label = "journey"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read the site's own definitions once; a file that cannot work stops the start."""
        from footbridge.journey.checkups import schedules
        from footbridge.journey.outcomes import composites

        for load, name in (
            (schedules.load, settings.FOOTBRIDGE_CHECKUPS),
            (composites.load, settings.FOOTBRIDGE_COMPOSITES),
        ):
            load(Path(name) if name else None)
