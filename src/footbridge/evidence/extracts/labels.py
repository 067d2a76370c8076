"""What pages call an extract's variables and stages."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from footbridge.evidence.extracts.queries import Stage

VARIABLES: Mapping[str, Promise] = {
    "arm": _("Arm of the study"),
    "employment": _("Paid work"),
    "housing": _("Where the person sleeps"),
    "treatment": _("Drug treatment"),
    "place": _("Living in the community"),
    "justice": _("Arrest or detention"),
    "days_used": _("Days of use, in bands"),
    "urine": _("Urine test"),
    "services": _("Services received, in bands"),
    "objectives": _("Objectives completed, in bands"),
    "recovery_capital": _("Recovery capital, in thirds"),
    "used_30": _("Any use in 30 days"),
    "crime_30": _("Any crime in 30 days"),
    "community_30": _("In the community for 30 days"),
    "favourable": _("The composite “favourable”"),
}
STAGES: Mapping[Stage, Promise] = {
    Stage.ASKED: _("Waits for a colleague"),
    Stage.APPROVED: _("Agreed to; may be made"),
    Stage.DECLINED: _("Declined"),
    Stage.MADE: _("Made and sealed"),
    Stage.EXPIRED: _("Expired"),
}
ICONS: Mapping[Stage, tuple[str, str]] = {
    Stage.ASKED: ("waiting", "info"),
    Stage.APPROVED: ("check", "success"),
    Stage.DECLINED: ("no", "plain"),
    Stage.MADE: ("sealed", "plain"),
    Stage.EXPIRED: ("late", "caution"),
}
