"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.checkups.protocol import Standing
from footbridge.journey.checkups.rules import (
    Agreed,
    Conversion,
    EndReason,
    LinkageStep,
    Means,
    Need,
    NeedReason,
    Status,
    Urine,
)

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

CONVERSIONS = {
    Conversion.ASKED_LEAVE: _("Asked whether it is all right to talk about it a little more"),
    Conversion.HEARD_REASON: _("Asked what speaks against it, and listened"),
    Conversion.OWN_WORDS: _("Gave their own reasons from earlier back to them"),
    Conversion.SMALLER_STEP: _("Offered a smaller step, such as only having a look"),
    Conversion.OTHER_SERVICE: _("Offered another service, one that asks no name"),
    Conversion.BARRIER_REMOVED: _("Took one thing out of the way: fare, hours, company"),
    Conversion.LATER_DAY: _("Agreed on a day to talk again"),
    Conversion.LEFT_IT: _("They did not want to go on, and that was respected"),
}

URINE = {
    Urine.NEGATIVE: _("Negative"),
    Urine.POSITIVE: _("Positive"),
    Urine.NOT_VALID: _("Not valid"),
    Urine.DECLINED: _("Declined"),
}

END_REASONS = {
    EndReason.WISH: _("The person wishes it"),
    EndReason.MOVED_AWAY: _("They live elsewhere now"),
    EndReason.DIED: _("They have died"),
}

STANDINGS = {
    Standing.DONE: _("Done"),
    Standing.NOW: _("Do this now"),
    Standing.PASSED: _("Passed over"),
    Standing.LATER: _("Later"),
    Standing.NOT_AGREED: _("Not agreed to"),
}

STANDING_LOOKS = {
    Standing.DONE.value: ("done", "success"),
    Standing.NOW.value: ("next", "caution"),
    Standing.PASSED.value: ("info", "plain"),
    Standing.LATER.value: ("clock", "plain"),
    Standing.NOT_AGREED.value: ("no", "plain"),
}
