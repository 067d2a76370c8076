"""Prices and refunds, against the published hospital and by their properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footbridge.journey.stays import tariff
from footbridge.journey.stays.codes import Drug, RoomKind, Severity
from footbridge.journey.stays.tariff import Tariff, TariffError

FACTOR = st.integers(10, 1000)
TARIFFS = st.builds(
    Tariff,
    st.integers(1, 5000),
    st.dictionaries(st.sampled_from(Severity), FACTOR),
    st.dictionaries(st.sampled_from(Drug), FACTOR),
    st.dictionaries(st.sampled_from(RoomKind), FACTOR),
)
KINDS = st.tuples(st.sampled_from(Drug), st.sampled_from(Severity), st.sampled_from(RoomKind))


def test_fact_6_3_a_week_at_300_yuan_a_day_costs_2100():
    per_day = Tariff(300).per_day(Drug.HEROIN, Severity.MIDDLE, RoomKind.SHARED)

    assert tariff.quote(per_day, days=7).total == 2100


@given(TARIFFS, KINDS)
def test_a_day_costs_the_product_of_base_and_factors_to_the_nearest_yuan(found, kinds):
    drug, severity, room = kinds
    exact = found.base
    for table, key in ((found.drugs, drug), (found.severities, severity), (found.rooms, room)):
        exact *= table.get(key, 100) / 100

    assert abs(found.per_day(*kinds) - exact) <= 0.5 + 1e-6 * exact


@given(st.integers(1, 90), st.integers(1, 120), st.integers(1, 2000))
def test_what_is_kept_and_what_is_given_back_make_up_what_was_paid(prepaid, stayed, per_day):
    back = tariff.refund(prepaid=prepaid, stayed=stayed, per_day=per_day)

    kept = min(prepaid, stayed) * per_day
    assert kept + back.total == tariff.quote(per_day, days=prepaid).total


@pytest.mark.parametrize("days", [0, -1, 91])
def test_days_that_cannot_be_planned_are_refused_with_what_can(days):
    with pytest.raises(TariffError, match="Plan 1 to 90 days"):
        tariff.quote(300, days=days)
