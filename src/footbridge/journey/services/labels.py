"""What pages call the coded values of this room."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from footbridge.journey.services.hsds import ServiceStatus
from footbridge.journey.services.opening import Opening
from footbridge.journey.services.rules import Need, PriceCode, PriceLevel

NEEDS: Mapping[Need, Promise] = {
    Need.DRUG_TREATMENT: _("Drug treatment"),
    Need.SOCIAL_SECURITY: _("Social security"),
    Need.HOUSING: _("Housing"),
    Need.EMPLOYMENT: _("Employment"),
    Need.HEALTH: _("Health"),
    Need.HIV_HCV: _("HIV and hepatitis C"),
    Need.MENTAL_HEALTH: _("Mental health"),
    Need.LEGAL: _("Legal help"),
    Need.FAMILY: _("Family"),
    Need.DOCUMENTS: _("Papers"),
    Need.EDUCATION: _("Education"),
    Need.FOOD: _("Food"),
    Need.NALOXONE: _("Naloxone"),
}

STATUSES: Mapping[ServiceStatus, Promise] = {
    ServiceStatus.ACTIVE: _("Running"),
    ServiceStatus.INACTIVE: _("Not running"),
    ServiceStatus.DEFUNCT: _("Ended"),
    ServiceStatus.TEMPORARILY_CLOSED: _("Closed for now"),
}

OPENINGS: Mapping[Opening, Promise] = {
    Opening.OPEN: _("Open now"),
    Opening.CLOSED: _("Closed now"),
    Opening.UNKNOWN: _("Opening hours not known"),
}

FACTS: Mapping[str, Promise] = {
    "asks_real_name": _("Asks for a real name"),
    "reports_to_police": _("Reports to the police"),
    "accepts_code_only": _("A one-time code is enough"),
    "methadone": _("Gives methadone maintenance"),
    "cash_only": _("Takes cash only"),
    "warm_handoff": _("Somebody there meets the person"),
}

PRICES: Mapping[PriceCode, Promise] = {
    PriceCode.POLICE_REGISTER: _("Reported to the police"),
    PriceCode.POLICE_BY_LAW: _("Registered by law"),
    PriceCode.POLICE_UNKNOWN: _("Reporting not known"),
    PriceCode.NAME_ASKED: _("Real name asked"),
    PriceCode.NAME_UNKNOWN: _("Asking for a name not known"),
    PriceCode.DOCUMENTS_ASKED: _("Papers asked"),
    PriceCode.PAYMENT_TRACE: _("Payment leaves a name"),
}

PRICE_LEVELS: Mapping[PriceLevel, Promise] = {
    PriceLevel.NONE: _("Costs no anonymity"),
    PriceLevel.UNKNOWN: _("Cost in anonymity not known"),
    PriceLevel.NAME: _("Costs a name"),
    PriceLevel.REGISTER: _("Puts a name on a register"),
}

LANGUAGES: Mapping[str, Promise] = {
    "zh": _("Chinese"),
    "en": _("English"),
}

# What a coordinator changed, in the history of an entry.
CHANGED: Mapping[str, Promise] = {
    "status": _("Whether it is running"),
    "alert": _("What everybody must know"),
    "wait_time": _("Waiting"),
    "assured_date": _("Checked"),
    "available": _("Places free"),
    **FACTS,
}
