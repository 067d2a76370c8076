"""Pages that belong to no room: signing in, sealing, leaving, colleagues."""

from footbridge.site.views.errors import csrf_failed

__all__ = ["csrf_failed"]
