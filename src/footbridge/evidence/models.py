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
