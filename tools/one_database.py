"""A pytest plugin for a run on a second database: keep what can tell one from another.

pytest-django lets a test touch the database only where it says so, by its mark or by a fixture.
A test that says nothing gives the same answer on every database, and one marked ``once`` looks at
what no database changes (the second language of a story, the same pages at another width).
"""

from __future__ import annotations

import pytest

TOUCHES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the first run has told already."""
    left_out = [item for item in items if not _tells_databases_apart(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if _tells_databases_apart(item)]


def _tells_databases_apart(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    marked = any(item.get_closest_marker(mark) for mark in ("django_db", "postgres"))
    return marked or not TOUCHES.isdisjoint(getattr(item, "fixturenames", ()))
