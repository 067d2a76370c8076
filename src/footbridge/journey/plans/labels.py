"""Words for pages, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from footbridge.journey.plans.rules import CrisisPlan, GoalStatus, LetGo, Naloxone, Status, Who

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

GOALS = {
    GoalStatus.OPEN: _("Open"),
    GoalStatus.REACHED: _("Achieved"),
    GoalStatus.LET_GO: _("Let go"),
}

LET_GO = {
    LetGo.NOT_WANTED: _("The person wants something else now"),
    LetGo.NOT_NEEDED: _("It is not needed any more"),
    LetGo.TOO_MUCH: _("It was too much at once"),
    LetGo.IN_THE_WAY: _("Something stood in the way"),
    LetGo.OTHER: _("Something else"),
}

CRISIS_PLANS = {
    CrisisPlan.SAFETY: _("Safety plan"),
    CrisisPlan.OVERDOSE: _("Overdose plan"),
}

NALOXONE = {
    Naloxone.AT_HAND: _("At hand"),
    Naloxone.NOT_AT_HAND: _("Not at hand"),
    Naloxone.NOT_KNOWN: _("Not known"),
}
