"""The ward's own settings: how often the chart is due, what is promised, what a day costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from footbridge.journey.stays.codes import Drug, RoomKind, Session, Severity
from footbridge.journey.stays.models import WardSetting
from footbridge.journey.stays.rules import CHART_HOURS, StayError
from footbridge.journey.stays.tariff import Tariff, TariffError
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Capability
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import gettext_noop

_PROTOCOL, _TARIFF = "protocol", "tariff"
FACTORS = (10, 1000)


@dataclass(frozen=True, slots=True)
class Protocol:
    """What the ward agreed on among itself.

    Parameters
    ----------
    chart_hours : int or None
        Hours between sittings of the withdrawal chart; None until the ward has set them,
        for no source gives a number.
    promised : mapping of Session to int
        How many sessions a stay promises by custom; each agreement may promise others.
    """

    chart_hours: int | None = None
    promised: Mapping[Session, int] = field(default_factory=dict)


def protocol() -> Protocol:
    """Return the ward's protocol; an empty one where none was set."""
    row = WardSetting.objects.filter(key=_PROTOCOL).first()
    if row is None:
        return Protocol()
    promised = {Session(key): int(n) for key, n in row.value["promised"].items()}
    return Protocol(row.value["chart_hours"], promised)


def set_protocol(found: Protocol, *, by: Actor, on: date) -> None:
    """Keep the ward's protocol.

    Raises
    ------
    StayError
        If the interval cannot be right.
    """
    by.check(Capability.MANAGE_WARD)
    least, most = CHART_HOURS
    if found.chart_hours is not None and not least <= found.chart_hours <= most:
        raise StayError(
            gettext_noop("The chart cannot be due every {hours} hours. Set {least} to {most}."),
            hours=found.chart_hours,
            least=least,
            most=most,
        )
    value = {
        "chart_hours": found.chart_hours,
        "promised": {session.value: n for session, n in found.promised.items()},
    }
    _keep(_PROTOCOL, value, by=by, on=on)


def tariff() -> Tariff | None:
    """Return the site's tariff; None where none was set."""
    row = WardSetting.objects.filter(key=_TARIFF).first()
    if row is None:
        return None
    value = row.value
    return Tariff(
        int(value["base"]),
        {Severity(key): int(n) for key, n in value["severities"].items()},
        {Drug(key): int(n) for key, n in value["drugs"].items()},
        {RoomKind(key): int(n) for key, n in value["rooms"].items()},
    )


def set_tariff(found: Tariff, *, by: Actor, on: date) -> None:
    """Keep a tariff for admissions from now on; stays that go on keep their price.

    Raises
    ------
    TariffError
        If the base price or a factor cannot be right.
    """
    by.check(Capability.MANAGE_WARD)
    least, most = FACTORS
    factors = [*found.severities.values(), *found.drugs.values(), *found.rooms.values()]
    if found.base < 1 or not all(least <= factor <= most for factor in factors):
        raise TariffError(
            gettext_noop(
                "The base price is 1 yuan or more, and each factor {least} to {most} in 100; "
                "100 changes nothing. Correct the figures."
            ),
            least=least,
            most=most,
        )
    value = {
        "base": found.base,
        "severities": {key.value: n for key, n in found.severities.items()},
        "drugs": {key.value: n for key, n in found.drugs.items()},
        "rooms": {key.value: n for key, n in found.rooms.items()},
    }
    _keep(_TARIFF, value, by=by, on=on)


def _keep(key: str, value: object, *, by: Actor, on: date) -> None:
    with act("ward.changed", by=by.id, on=on, site=by.site):
        WardSetting.objects.update_or_create(key=key, defaults={"value": value})
