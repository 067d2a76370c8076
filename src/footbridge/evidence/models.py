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


class ExtractAsk(models.Model):
    """An extract that one colleague asked for, and another agreed to, or not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    study = models.ForeignKey(Study, on_delete=models.PROTECT)
    month = models.PositiveSmallIntegerField()
    variables = models.JSONField()
    recipient = models.CharField(max_length=120)
    fhir = models.BooleanField(default=False)
    state = models.CharField(max_length=10)
    asked_by = models.UUIDField()
    asked_on = models.DateField()
    decided_by = models.UUIDField(null=True)
    decided_on = models.DateField(null=True)
    made_on = models.DateField(null=True)
    levels = models.JSONField(default=dict)
    k = models.PositiveSmallIntegerField(null=True)
    l = models.PositiveSmallIntegerField(null=True)  # noqa: E741 - its name in the literature
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "evidence"
