"""Which row stands inside which in an HSDS document, where a file of CSV has a link.

References
----------
Open Referral, Human Services Data Specification 3.0, `schema/compiled/service.json`
(capacities and units: 3.1, tolerated).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Nest:
    """One key of a document under which rows of another table stand.

    Parameters
    ----------
    table : str
        The table of the inner rows.
    link : str
        The column that ties the two: of the inner row where there are many of them, of
        the outer row where there is one.
    many : bool
        Whether the key holds a list.
    """

    table: str
    link: str
    many: bool = True


# Tables inside which nothing but attributes stands.
_PLAIN = ("address", "schedule", "language", "cost_option", "required_document", "unit")
_ATTRIBUTES = {"attributes": Nest("attribute", "link_id")}


def _many(link: str, **keys: str) -> dict[str, Nest]:
    return {key: Nest(table, link) for key, table in keys.items()}


NESTS: Mapping[str, Mapping[str, Nest]] = MappingProxyType(
    {
        "service": {
            "organization": Nest("organization", "organization_id", many=False),
            **_many(
                "service_id",
                phones="phone",
                schedules="schedule",
                service_at_locations="service_at_location",
                languages="language",
                cost_options="cost_option",
                required_documents="required_document",
                capacities="service_capacity",
            ),
            **_ATTRIBUTES,
        },
        "organization": {**_many("organization_id", phones="phone"), **_ATTRIBUTES},
        "service_at_location": {
            "location": Nest("location", "location_id", many=False),
            **_many("service_at_location_id", phones="phone", schedules="schedule"),
            **_ATTRIBUTES,
        },
        "location": {
            **_many(
                "location_id",
                addresses="address",
                phones="phone",
                schedules="schedule",
                languages="language",
            ),
            **_ATTRIBUTES,
        },
        "phone": {**_many("phone_id", languages="language"), **_ATTRIBUTES},
        "service_capacity": {"unit": Nest("unit", "unit_id", many=False), **_ATTRIBUTES},
        "attribute": {
            "taxonomy_term": Nest("taxonomy_term", "taxonomy_term_id", many=False),
        },
        "taxonomy_term": {
            "taxonomy_detail": Nest("taxonomy", "taxonomy_id", many=False),
        },
        **dict.fromkeys(
            ("address", "schedule", "language", "cost_option", "required_document", "unit"),
            _ATTRIBUTES,
        ),
    }
)
