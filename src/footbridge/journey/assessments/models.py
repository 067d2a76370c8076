"""What a site loaded into its instruments: official wording, its own instruments, its choices."""

from __future__ import annotations

import uuid

from django.db import models


class LoadedInstrument(models.Model):
    """One version of an instrument as a site loaded it; nothing here is about a person.

    `definition` is the instrument as `definitions.written` gives it, or empty where the
    site only decided how the house's own key is scored; `choices` says what it decided.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    instrument = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    definition = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)

    class Meta:
        app_label = "journey"
        constraints = [
            models.UniqueConstraint(fields=["instrument", "version"], name="one_row_an_instrument")
        ]
