"""The drills' own tool: what they seal is what the house can hold."""

from random import Random

import pytest

from footbridge.trust.vault import codec
from footbridge.trust.vault.records import Compartment
from tests.drills.filling import every_record, filled, records_of

pytestmark = pytest.mark.drill


@pytest.mark.parametrize("record", every_record(), ids=lambda one: str(one.KIND))
def test_any_record_can_be_filled_and_comes_back_from_its_bytes(record):
    draws = Random(7)

    for _ in range(20):
        value = filled(record, draws)
        assert codec.decode(record, codec.encode(value)) == value


def test_two_fillings_differ():
    draws = Random(7)

    values = {repr(filled(one, draws)) for one in records_of(Compartment.CARE) for _ in range(5)}

    assert len(values) > 4 * len(records_of(Compartment.CARE))


def test_each_compartment_has_records():
    assert all(records_of(kind) for kind in Compartment)
