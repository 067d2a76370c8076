"""The ceremony: making a site's keys, showing each paper share once, unsealing later."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto, shares
from footbridge.trust.vault.crypto import KeyPair
from footbridge.trust.vault.epochs import EpochStore
from footbridge.trust.vault.models import Site
from footbridge.trust.vault.site_keys import SiteKeys

SITE_SHARES = (2, 3)
RECOVERY_SHARES = (3, 5)
_CHECK = b"footbridge site key"


class CeremonyError(HouseError):
    """A site that cannot be founded or unsealed."""


@dataclass(frozen=True, slots=True)
class Founded:
    """What the ceremony shows once, and what the process keeps in memory."""

    keys: SiteKeys = field(repr=False)
    site_shares: tuple[str, ...] = field(repr=False)
    recovery_shares: tuple[str, ...] = field(repr=False)
    backup_private: bytes = field(repr=False)


def found(*, store: EpochStore, on: date, recovery: bool = True, invented: bool = False) -> Founded:
    """Make the keys of a new site; nothing secret of them is on this machine afterwards.

    Raises
    ------
    CeremonyError
        If this database already is a site.
    """
    if Site.objects.exists():
        raise CeremonyError(
            gettext_noop(
                "This database already is a site. To start another one, point DATABASE_URL and "
                "FOOTBRIDGE_DATA at new places; nothing here was changed."
            )
        )
    site, site_key = uuid.uuid4(), crypto.random_key()
    backup, recover = KeyPair.new(), KeyPair.new()
    keys = SiteKeys.derive(site_key, site=site, store=store)
    with transaction.atomic():
        keys.begin_epoch(on=on)
        Site.objects.create(
            id=site,
            check_value=crypto.seal(keys["check"], _CHECK, bound_to=site.bytes),
            signing_public=bytes(keys.signing.verify_key),
            backup_public=backup.public,
            recovery_public=recover.public if recovery else None,
            invented=invented,
        )
    return Founded(
        keys=keys,
        site_shares=tuple(_split(site_key, SITE_SHARES)),
        recovery_shares=tuple(_split(recover.private, RECOVERY_SHARES)) if recovery else (),
        backup_private=backup.private,
    )


def unseal(words: Sequence[str], *, store: EpochStore) -> SiteKeys:
    """Return the keys of this site from two of its shares.

    Raises
    ------
    ShareError
        If the shares do not fit together.
    CeremonyError
        If they fit together but belong to another site, or there is no site here.
    """
    site = Site.objects.first()
    if site is None:
        raise CeremonyError(
            gettext_noop("There is no site in this database yet. Run 'footbridge init' first.")
        )
    keys = SiteKeys.derive(shares.combine(words), site=site.id, store=store)
    try:
        crypto.open_sealed(keys["check"], bytes(site.check_value), bound_to=site.id.bytes)
    except crypto.SealError:
        keys.wipe()
        raise CeremonyError(
            gettext_noop(
                "These shares fit together, but they are not this site's. "
                "Check the label on the papers."
            )
        ) from None
    return keys


def recovery_pair(words: Sequence[str]) -> KeyPair:
    """Return the recovery key from three of its five shares.

    Raises
    ------
    CeremonyError
        If the shares fit together but belong to another site.
    """
    pair = KeyPair.of(shares.combine(words))
    site = Site.objects.get()
    if site.recovery_public is None or bytes(site.recovery_public) != pair.public:
        raise CeremonyError(gettext_noop("These shares are not of this site's recovery key."))
    return pair


def recovery_holder_id(site: uuid.UUID) -> uuid.UUID:
    """Return the id under which wraps name the recovery key."""
    return uuid.uuid5(site, "recovery")


def _split(key: bytes, scheme: tuple[int, int]) -> list[str]:
    needed, count = scheme
    return shares.split(key, needed=needed, shares=count)
