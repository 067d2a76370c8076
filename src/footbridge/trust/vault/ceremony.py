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
    row = Site(
        id=site,
        signing_public=bytes(keys.signing.verify_key),
        backup_public=backup.public,
        recovery_public=recover.public if recovery else None,
        invented=invented,
    )
    row.check_value = crypto.seal(keys["check"], _CHECK, bound_to=_publics(row))
    with transaction.atomic():
        keys.begin_epoch(on=on)
        row.save(force_insert=True)
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
        _check(site, keys)
    except CeremonyError:
        keys.wipe()
        raise
    return keys


def recovery_public(keys: SiteKeys) -> bytes | None:
    """Return the public half of the recovery key, where the site has one.

    Raises
    ------
    CeremonyError
        If somebody changed the site's public keys: what is sealed to them would be theirs.
    """
    site = Site.objects.get()
    _check(site, keys)
    return bytes(site.recovery_public) if site.recovery_public is not None else None


def recovery_pair(words: Sequence[str]) -> KeyPair:
    """Return the recovery key from three of its five shares.

    Raises
    ------
    CeremonyError
        If the shares fit together but belong to another site.
    """
    private = shares.combine(words)
    public = Site.objects.get().recovery_public
    # A share of another kind may hold fewer bytes, which are no private key at all.
    if public is not None and len(private) == crypto.KEY_BYTES:
        pair = KeyPair.of(private)
        if crypto.same(pair.public, bytes(public)):
            return pair
    raise CeremonyError(gettext_noop("These shares are not of this site's recovery key."))


def recovery_holder_id(site: uuid.UUID) -> uuid.UUID:
    """Return the id under which wraps name the recovery key."""
    return uuid.uuid5(site, "recovery")


def _check(site: Site, keys: SiteKeys) -> None:
    try:
        crypto.open_sealed(keys["check"], bytes(site.check_value), bound_to=_publics(site))
    except crypto.SealError:
        raise CeremonyError(
            gettext_noop(
                "These shares fit together, but this is not their site, or its public keys were "
                "changed since it was made. Check the label on the papers; if it is right, keep "
                "this database as evidence and restore a backup."
            )
        ) from None


def _publics(site: Site) -> bytes:
    """Return what the check value is bound to: who changes a public key breaks it."""
    recovery = bytes(site.recovery_public) if site.recovery_public is not None else b""
    return crypto.plain_hash(
        site.id.bytes, bytes(site.signing_public), bytes(site.backup_public), recovery
    )


def _split(key: bytes, scheme: tuple[int, int]) -> list[str]:
    needed, count = scheme
    return shares.split(key, needed=needed, shares=count)
