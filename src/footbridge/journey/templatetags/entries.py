"""The words for what an entry of a record is, by the name of its kind."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ENTRIES = {
    "consent-given": _("A consent was heard"),
    "consent-withdrawn": _("A consent was taken back"),
    "contact-agreed": _("How to be reached"),
    "assessment-taken": _("An assessment"),
    "use-calendar-taken": _("A use calendar"),
    "strength-noted": _("A strength"),
    "goal-set": _("A goal"),
    "objective-set": _("An objective"),
    "objective-moved": _("An objective moved on"),
    "goal-moved": _("A goal moved on"),
    "plan-step-undone": _("A step of the plan was taken back"),
    "crisis-plan-kept": _("A safety or overdose plan"),
    "referral-drafted": _("A referral was begun"),
    "referral-offered": _("A referral was offered"),
    "referral-moved": _("A referral moved on"),
    "referral-outcome": _("How a referral ended"),
    "handoff-noted": _("A hand-off to a service"),
    "partner-said": _("Something a service said"),
    "referral-step-undone": _("A step of a referral was taken back"),
    "schedule-chosen": _("A check-up schedule"),
    "schedule-ended": _("The end of check-ups"),
    "appointment-given": _("A day for meeting"),
    "urine-tested": _("A urine test"),
    "tracking-step-done": _("A step to keep in touch"),
    "checkup-entry-undone": _("A check-up entry was taken back"),
    "checkup-held": _("A check-up"),
    "checkup-missed": _("A check-up that was missed"),
    "contact-attempted": _("An attempt to reach me"),
    "linkage-meeting-held": _("A talk about going to a service"),
    "outcome-coded": _("An outcome"),
    "adverse-event-noted": _("An adverse event"),
    "arm-assigned": _("The arm of a study"),
}
"""Written for the kiosk, where the person reads their own record."""
