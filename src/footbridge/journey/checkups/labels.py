"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.checkups.rules import Agreed, LinkageStep, Means, Need, NeedReason, Status

NEEDS = {
    Need.IN_NEED: _("In need"),
    Need.NOT_IN_NEED: _("Not in need"),
    Need.NOT_KNOWN: _("Not known"),
}

NEED_REASONS = {
    NeedReason.WEEKLY_USE: _("Used weekly or more often"),
    NeedReason.SYMPTOM: _("A symptom in the past month"),
    NeedReason.SAYS_SO: _("Says so"),
    NeedReason.NOT_TOLD: _("Days of use not told"),
}

STATUSES = {
    Status.NOT_YET: _("Not yet due"),
    Status.DUE: _("Due"),
    Status.OVERDUE: _("Overdue"),
    Status.MISSED: _("Missed"),
    Status.ENDED: _("No check-up planned"),
}

MEANS = {
    Means.AGREED_PLACE: _("At the agreed place"),
    Means.AGREED_MESSAGE: _("By the agreed message"),
    Means.DROP_IN: _("Waited at a drop-in time"),
    Means.AT_A_SERVICE: _("Through an agreed service"),
    Means.OTHER_AGREED: _("Another way that was agreed"),
}

STEPS = {
    LinkageStep.FEEDBACK: _("Gave feedback from the check-up"),
    LinkageStep.AMBIVALENCE: _("Talked about being in two minds"),
    LinkageStep.BARRIERS: _("Looked at what stands in the way"),
    LinkageStep.BOOKING: _("Booked an appointment"),
    LinkageStep.ACCOMPANIMENT: _("Arranged to go together"),
    LinkageStep.REFUSAL_CONVERSION: _("Came back to a no, with leave"),
}

AGREED = {
    Agreed.YES: _("Agreed to go"),
    Agreed.NOT_YET: _("Not yet"),
    Agreed.NO: _("Said no"),
}
