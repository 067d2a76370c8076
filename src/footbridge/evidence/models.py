"""Study designs: what is compared, and whose key the coded outcomes are sealed to."""

from __future__ import annotations

import uuid

from django.db import models

from footbridge.trust.vault.models import Circle


class Study(models.Model):
    """One study; its people are known only to the holders of its circle's key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    circle = models.ForeignKey(Circle, on_delete=models.PROTECT)
    title = models.CharField(max_length=120)
    arms = models.JSONField()
    month = models.PositiveSmallIntegerField(default=3)

    class Meta:
        app_label = "evidence"


class Release(models.Model):
    """One table that left, served unchanged ever after; it holds protected numbers only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.CharField(max_length=40)
    quarter = models.CharField(max_length=7)
    copy = models.CharField(max_length=8)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    released_by = models.UUIDField()
    released_on = models.DateField()

    class Meta:
        app_label = "evidence"
        constraints = [
            models.UniqueConstraint(fields=["report", "quarter", "copy"], name="released_once")
        ]
