"""Rooms, beds and the ward's settings: furniture, and nothing of anybody who lies in it."""

from __future__ import annotations

import uuid

from django.db import models


class WardRoom(models.Model):
    """A room of the ward; what it is called stands sealed, for somebody may type too much."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sealed_label = models.BinaryField(default=bytes)
    kind = models.CharField(max_length=10)

    class Meta:
        app_label = "journey"


class WardBed(models.Model):
    """A bed; whether it is taken stands sealed, and never by whom."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    room = models.ForeignKey(WardRoom, on_delete=models.CASCADE, related_name="beds")
    sealed_label = models.BinaryField(default=bytes)
    closed = models.BooleanField(default=False)
    sealed_state = models.BinaryField()

    class Meta:
        app_label = "journey"


class WardSetting(models.Model):
    """One of the ward's settings, such as its tariff, by its key."""

    key = models.CharField(max_length=20, primary_key=True)
    value = models.JSONField()

    class Meta:
        app_label = "journey"
