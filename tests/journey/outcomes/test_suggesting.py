"""What the journal already knows of an outcome; what it does not know is left open."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from footbridge.journey.assessments.records import UseCalendarTaken
from footbridge.journey.checkups.records import CheckupHeld, UrineTested
from footbridge.journey.checkups.rules import Need as InNeed
from footbridge.journey.checkups.rules import Urine as Result
from footbridge.journey.outcomes import suggesting
from footbridge.journey.outcomes.records import AdverseEventNoted
from footbridge.journey.outcomes.rules import (
    Answer,
    Harm,
    Justice,
    Place,
    Related,
    Treatment,
    Urine,
)
from footbridge.journey.referrals.rules import Referral
from footbridge.journey.referrals.table import ReferralState
from footbridge.journey.services.rules import Need
from footbridge.trust.vault.records import FreeText

ON = date(2026, 11, 21)
SINCE = ON - timedelta(days=90)


def days(n):
    return ON - timedelta(days=n)


def told(found):
    return {one.field: one.value for one in found}


def held(used, *, of=30, ago=3):
    return CheckupHeld(3, days(ago), used, of, frozenset(), False, InNeed.NOT_IN_NEED, None)


def referral(state=ReferralState.ENGAGED, need=Need.DRUG_TREATMENT, linked=20):
    return Referral(
        uuid4(), uuid4(), need, state, days(1), linked_on=days(linked) if linked else None
    )


@pytest.mark.parametrize(("last", "used_30"), [("0" * 30, Answer.NO), ("0" * 29 + "1", Answer.YES)])
def test_a_calendar_tells_days_of_use_and_the_last_30(last, used_30):
    taken = UseCalendarTaken(days(2), "1" * 60 + last)

    found = told(suggesting.of_use(taken, held(0), on=ON))

    assert found["days_used"] == 60 + last.count("1")
    assert (found["days_known"], found["used_30"]) == (90, used_30)


def test_a_calendar_with_a_gap_leaves_the_last_30_days_open():
    found = told(suggesting.of_use(UseCalendarTaken(ON, "0" * 89 + "?"), None, on=ON))

    assert "used_30" not in found


def test_a_check_up_helps_where_no_calendar_is_near():
    old = UseCalendarTaken(days(40), "1" * 90)

    assert told(suggesting.of_use(old, held(0), on=ON)) == {
        "days_used": 0,
        "days_known": 30,
        "used_30": Answer.NO,
    }
    assert "used_30" not in told(suggesting.of_use(None, held(2), on=ON))
    assert told(suggesting.of_use(None, held(None), on=ON)) == {}
    assert told(suggesting.of_use(None, held(0, ago=15), on=ON)) == {}


@pytest.mark.parametrize(
    ("result", "coded"),
    [
        (Result.NEGATIVE, Urine.NEGATIVE),
        (Result.POSITIVE, Urine.POSITIVE),
        (Result.DECLINED, Urine.NOT_TESTED),
        (Result.NOT_VALID, Urine.NOT_TESTED),
    ],
)
def test_the_last_test_near_the_day_is_taken_and_a_declined_one_is_no_result(result, coded):
    tests = [UrineTested(days(10), Result.POSITIVE), UrineTested(days(1), result)]

    assert told(suggesting.of_urine(tests, on=ON)) == {"urine": coded}
    assert told(suggesting.of_urine([UrineTested(days(30), result)], on=ON)) == {}


def test_services_count_first_visits_since_the_last_time_point():
    mine = [referral(), referral(need=Need.HOUSING, linked=120), referral(linked=0)]

    assert told(suggesting.of_services(mine, frozenset(), since=SINCE, on=ON))["services"] == 1


def test_treatment_now_is_methadone_where_the_service_gives_it():
    one = referral()

    other = told(suggesting.of_services([one], frozenset(), since=SINCE, on=ON))
    given = told(suggesting.of_services([one], frozenset({one.service}), since=SINCE, on=ON))

    assert (other["treatment"], given["treatment"]) == (Treatment.OTHER, Treatment.METHADONE)


def test_without_a_referral_nothing_is_said_of_services_found_alone():
    assert told(suggesting.of_services([], frozenset(), since=SINCE, on=ON)) == {}
    ended = referral(ReferralState.ENDED)
    assert "treatment" not in told(suggesting.of_services([ended], frozenset(), since=SINCE, on=ON))


def test_a_detention_since_the_last_time_point_is_coded_as_one():
    event = AdverseEventNoted(Harm.DETENTION, days(9), Related.POSSIBLY, FreeText(""))
    before = AdverseEventNoted(Harm.DETENTION, days(200), Related.NO, FreeText(""))

    assert told(suggesting.of_events([event], since=SINCE, on=ON)) == {"justice": Justice.DETAINED}
    assert told(suggesting.of_events([before], since=SINCE, on=ON)) == {}


def test_somebody_in_a_stay_is_in_treatment_until_it_has_ended():
    going_on, over = SimpleNamespace(ended=None), SimpleNamespace(ended=object())

    found = told(suggesting.of_stays(SimpleNamespace(stays=(over, going_on))))

    assert found == {"treatment": Treatment.OTHER, "place": Place.TREATMENT}
    assert told(suggesting.of_stays(SimpleNamespace(stays=(over,)))) == {}
