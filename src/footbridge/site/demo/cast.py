"""The five colleagues of the demonstration, whose secrets are public on purpose."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass

from django_otp.oath import TOTP

from footbridge.trust.access import staff
from footbridge.trust.access.actors import Actor
from footbridge.trust.access.rules import Role
from footbridge.trust.access.staff import Profile
from footbridge.trust.vault.crypto import Cost
from footbridge.trust.vault.site_keys import SiteKeys


@dataclass(frozen=True, slots=True)
class Colleague:
    """One invented colleague: a name to work under, a role, a passphrase."""

    name: str
    role: Role
    passphrase: str

    @property
    def secret(self) -> bytes:
        """The second factor's secret: computed, so that the page can show its code."""
        return hashlib.sha256(f"footbridge demonstration {self.name}".encode()).digest()[:20]

    @property
    def code(self) -> str:
        """The six digits that this colleague's app would show now."""
        device: type = TOTP
        return f"{device(self.secret).token():06d}"


CAST: tuple[Colleague, ...] = (
    Colleague("willow", Role.CASE_WORKER, "quiet river lantern morning bread"),
    Colleague("cedar", Role.CASE_WORKER, "yellow boat under evening hills"),
    Colleague("maple", Role.COORDINATOR, "seven cups along window light"),
    Colleague("birch", Role.ANALYST, "paper kite above winter garden"),
    Colleague("alder", Role.ADMINISTRATOR, "wooden bridge after summer rain"),
)


def hire(colleague: Colleague, *, cost: Cost, site: SiteKeys) -> Actor:
    """Create a colleague and return them signed in."""
    staff.create(
        Profile(uuid.uuid4(), colleague.name, colleague.role, b""),
        passphrase=colleague.passphrase,
        secret=colleague.secret,
        cost=cost,
        site=site,
    )
    return staff.sign_in(
        colleague.name,
        passphrase=colleague.passphrase,
        totp=colleague.code,
        cost=cost,
        site=site,
        used=staff.UsedCodes(),
    )
