"""The directory in the database: the HSDS files themselves, as they were accepted."""

from __future__ import annotations

import uuid

from django.db import models


class DirectoryFile(models.Model):
    """One table of the directory as a CSV file of the standard; nothing here is secret."""

    name = models.CharField(max_length=80, primary_key=True)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)

    class Meta:
        app_label = "journey"


class DirectoryChange(models.Model):
    """One change of one entry by a coordinator: what it said before and after."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.UUIDField()
    sequence = models.PositiveIntegerField()
    by = models.UUIDField()
    on = models.DateField()
    before = models.JSONField()
    after = models.JSONField()

    class Meta:
        app_label = "journey"
        constraints = (
            models.UniqueConstraint(fields=("service", "sequence"), name="one_change_at_a_time"),
        )
