"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.plans.rules import Status, Who

STATUSES = {
    Status.OPEN: _("Open"),
    Status.DOING: _("Under way"),
    Status.DONE: _("Done"),
    Status.DROPPED: _("Dropped"),
}

WHO = {
    Who.PERSON: _("The person"),
    Who.WORKER: _("The worker"),
    Who.TOGETHER: _("Both together"),
    Who.SERVICE: _("A service"),
    Who.SOMEBODY_ELSE: _("Somebody else"),
}
