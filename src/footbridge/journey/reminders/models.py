"""The table of calendar addresses: two keyed hashes and a sealed row, no name and no day."""

from __future__ import annotations

import uuid

from django.db import models


class CalendarFeed(models.Model):
    """One colleague's calendar; found by a keyed hash of its secret address, or of its owner.

    The address itself is nowhere: whoever reads this table cannot ask for a calendar.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.BinaryField(max_length=32, unique=True)
    lookup = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()

    class Meta:
        app_label = "journey"
