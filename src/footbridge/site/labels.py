"""The words for roles, and those for events of the trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.trust.access.rules import Role
from footbridge.trust.audit.labels import EVENTS, event

__all__ = ["EVENTS", "ROLES", "event"]

ROLES = {
    Role.CASE_WORKER: _("Case worker"),
    Role.NURSE: _("Ward nurse or doctor"),
    Role.COORDINATOR: _("Coordinator"),
    Role.ANALYST: _("Analyst"),
    Role.ADMINISTRATOR: _("Administrator"),
}
