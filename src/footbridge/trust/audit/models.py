"""The table of the trail: the one table here whose rows have an order."""

from __future__ import annotations

from django.db import models


class TrailEntry(models.Model):
    """One thing that was done, chained by hash to everything before it."""

    sequence = models.PositiveBigIntegerField(primary_key=True)
    tag = models.BinaryField(max_length=16, db_index=True)
    sealed = models.BinaryField()
    evidence = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        app_label = "trust"
