"""Who is acting: somebody whose private key is open for the length of a request."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from footbridge.trust.access.rules import Capability, Role, check_capability
from footbridge.trust.decisions import RefusedError
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.site_keys import SiteKeys


@dataclass(frozen=True, slots=True)
class Actor:
    """Staff (with a role) or a person at the kiosk (without one)."""

    id: uuid.UUID
    pair: KeyPair = field(repr=False)
    site: SiteKeys = field(repr=False)
    role: Role | None = None
    name: str = field(default="", repr=False)

    @property
    def is_staff(self) -> bool:
        """Whether this is somebody of the staff."""
        return self.role is not None

    def may(self, capability: Capability) -> bool:
        """Whether this actor's role includes a capability."""
        return bool(check_capability(self.role, capability))

    def check(self, capability: Capability) -> None:
        """Raise RefusedError, with the reason, unless the role includes a capability."""
        decision = check_capability(self.role, capability)
        if not decision:
            raise RefusedError.by(decision)
