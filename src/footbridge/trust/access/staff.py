"""Staff: invited by a code, signed in by opening their own key, and leaving."""

from __future__ import annotations

import json
import secrets
import threading
import time
import unicodedata
import uuid
from base64 import b32encode
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from django_otp.oath import TOTP

from footbridge.trust.access.actors import Actor
from footbridge.trust.access.models import Invitation, Staff
from footbridge.trust.access.rules import Capability, Role
from footbridge.trust.audit.acts import act
from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto
from footbridge.trust.vault.crypto import Cost, KeyPair
from footbridge.trust.vault.persons import SALT_BYTES, dump_cost, load_cost, truncate_log
from footbridge.trust.vault.site_keys import SiteKeys

INVITATION_DAYS = 14
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
PASSPHRASE_LENGTH = 16
TOTP_DIGITS = 6


class StaffError(HouseError):
    """Something about staff that cannot be done."""


class WrongSignInError(HouseError):
    """Name, passphrase and code do not belong together; which of them is not said."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "This sign-in name, passphrase and code do not belong together. "
                "Check all three; a code from the app is good for 30 seconds."
            )
        )


@dataclass(frozen=True, slots=True)
class Profile:
    """What the site knows of a colleague: the name they chose to work under, and a role."""

    id: uuid.UUID
    name: str
    role: Role
    public: bytes = field(repr=False)
    active: bool = True


def invite(*, name: str, role: Role, by: Actor, on: date) -> str:
    """Return a one-time code that lets a colleague make their own keys.

    Raises
    ------
    StaffError
        If the sign-in name is taken.
    """
    by.check(Capability.MANAGE_STAFF)
    with act("staff.invited", by=by.id, on=on, site=by.site, detail=role.value):
        return make_invitation(name=name, role=role, site=by.site, on=on)


def make_invitation(*, name: str, role: Role, site: SiteKeys, on: date) -> str:
    """Return a code for somebody's first sign-in (the ceremony uses this for the first)."""
    name = clean_name(name)
    _check_name_free(name, site=site)
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    expires = (on + timedelta(days=INVITATION_DAYS)).isoformat()
    plain = json.dumps([name, role.value, expires]).encode().ljust(160)
    lookup = _code_lookup(site, code)
    Invitation.objects.create(
        lookup=lookup, sealed=crypto.seal(site["shell"], plain, bound_to=lookup)
    )
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def invitation(code: str, *, site: SiteKeys, on: date) -> tuple[str, Role]:
    """Return the name and role behind a code that is still good; raise StaffError otherwise."""
    row = Invitation.objects.filter(lookup=_code_lookup(site, _clean_code(code))).first()
    if row is None:
        raise StaffError(
            gettext_noop("This code is not known here, or was used. Ask for a new invitation.")
        )
    plain = crypto.open_sealed(site["shell"], bytes(row.sealed), bound_to=bytes(row.lookup))
    name, role, expires = json.loads(plain)
    if on > date.fromisoformat(expires):
        raise StaffError(gettext_noop("This code has expired. Ask for a new invitation."))
    return name, Role(role)


def totp_secret(code: str, *, site: SiteKeys) -> bytes:
    """Return the second factor's secret that belongs to an invitation."""
    return crypto.keyed_hash(site["lookup"], b"totp", _clean_code(code).encode(), size=20)


def totp_address(name: str, secret: bytes, *, issuer: str) -> str:
    """Return what an authenticator app reads from the picture."""
    return f"otpauth://totp/{issuer}:{name}?secret={b32encode(secret).decode()}&issuer={issuer}"


def join(code: str, *, passphrase: str, totp: str, cost: Cost, site: SiteKeys, on: date) -> Profile:
    """Make a colleague's keys from their invitation; the passphrase is nowhere stored.

    Raises
    ------
    StaffError
        If the invitation is not good, its name was taken since, the passphrase is too short,
        or the app's code wrong.
    """
    name, role = invitation(code, site=site, on=on)
    check_passphrase(passphrase, name=name)
    secret = totp_secret(code, site=site)
    if not _totp_matches(secret, totp):
        raise StaffError(
            gettext_noop(
                "The code from the app does not match. Scan the picture again, check that the "
                "phone's clock is right, and enter the code while it is shown."
            )
        )
    profile = Profile(uuid.uuid4(), name, role, b"")
    with act("staff.joined", by=profile.id, on=on, site=site, detail=role.value):
        _check_name_free(name, site=site)  # somebody else may have been invited under it
        Invitation.objects.filter(lookup=_code_lookup(site, _clean_code(code))).delete()
        return create(profile, passphrase=passphrase, secret=secret, cost=cost, site=site)


def create(
    profile: Profile, *, passphrase: str, secret: bytes, cost: Cost, site: SiteKeys
) -> Profile:
    """Write a colleague's row: a fresh key pair under their passphrase."""
    pair, salt = KeyPair.new(), secrets.token_bytes(SALT_BYTES)
    profile = replace(profile, public=pair.public)
    place = b"staff" + profile.id.bytes
    kek = crypto.stretch(_passphrase_bytes(passphrase), salt=salt, cost=cost)
    inner = crypto.seal(kek, pair.private, bound_to=place)
    Staff.objects.create(
        id=profile.id,
        lookup=_lookup(site, profile.name),
        profile=_seal_profile(site, profile),
        public_key=pair.public,
        salt=salt,
        cost=dump_cost(cost),
        sealed_private=crypto.seal(site["outer"], inner, bound_to=place),
        sealed_totp=crypto.seal(site["outer"], crypto.seal_to(pair.public, secret), bound_to=place),
    )
    return profile


def sign_in(
    name: str, *, passphrase: str, totp: str, cost: Cost, site: SiteKeys, used: UsedCodes
) -> Actor:
    """Open a colleague's key. An unknown name costs the same time as a wrong passphrase.

    Raises
    ------
    WrongSignInError
        If any of the three is wrong, the code was used before, or the colleague has left.
    """
    row = Staff.objects.filter(lookup=_lookup(site, clean_name(name))).first()
    if row is None:
        crypto.stretch(_passphrase_bytes(passphrase), salt=bytes(SALT_BYTES), cost=cost)
        raise WrongSignInError
    place = b"staff" + row.id.bytes
    kek = crypto.stretch(
        _passphrase_bytes(passphrase), salt=bytes(row.salt), cost=load_cost(row.cost)
    )
    inner = crypto.open_sealed(site["outer"], bytes(row.sealed_private), bound_to=place)
    try:
        pair = KeyPair.of(crypto.open_sealed(kek, inner, bound_to=place))
    except crypto.SealError:
        raise WrongSignInError from None
    crypto.check_pair(pair, bytes(row.public_key))
    box = crypto.open_sealed(site["outer"], bytes(row.sealed_totp), bound_to=place)
    profile = open_profile(row, site=site)
    matches = _totp_matches(crypto.open_from(pair, box), totp)
    if not (profile.active and matches and used.fresh(row.id, totp)):
        raise WrongSignInError
    return Actor(row.id, pair, site, profile.role, profile.name)


@dataclass(slots=True)
class UsedCodes:
    """Codes that were used in this process: each opens the door once."""

    _seen: dict[tuple[uuid.UUID, str], float] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fresh(self, staff: uuid.UUID, code: str) -> bool:
        """Whether this colleague has not used this code in the last minutes; note it."""
        now, key = time.monotonic(), (staff, _digits(code))
        with self._lock:  # two requests with one code must not both find it unused
            self._seen = {key: at for key, at in self._seen.items() if now - at < 180}
            if key in self._seen:
                return False
            self._seen[key] = now
            return True


def everybody(*, site: SiteKeys) -> list[Profile]:
    """Return every colleague who has not left, by name."""
    profiles = [open_profile(row, site=site) for row in Staff.objects.all()]
    return sorted((p for p in profiles if p.active), key=lambda p: p.name)


def profile_of(staff: uuid.UUID, *, site: SiteKeys) -> Profile | None:
    """Return one colleague, also one who has left."""
    row = Staff.objects.filter(pk=staff).first()
    return open_profile(row, site=site) if row is not None else None


def change_role(*, staff: uuid.UUID, role: Role, by: Actor, on: date) -> None:
    """Give a colleague another role; it brings no key and takes none away.

    Raises
    ------
    StaffError
        If the colleague has left: a new role must not open their sign-in again.
    """
    by.check(Capability.MANAGE_STAFF)
    _rewrite(staff, by=by, on=on, action="staff.role-changed", role=role)


def deactivate(*, staff: uuid.UUID, by: Actor, on: date) -> None:
    """Close a colleague's sign-in; `circles.leave` and the care teams see to the keys.

    Raises
    ------
    StaffError
        If they have left already.
    """
    by.check(Capability.MANAGE_STAFF)
    _rewrite(staff, by=by, on=on, action="staff.left", leaves=True)


def change_passphrase(actor: Actor, passphrase: str, *, cost: Cost, on: date) -> None:
    """Put an open key under a new passphrase."""
    check_passphrase(passphrase, name=actor.name)
    salt, place = secrets.token_bytes(SALT_BYTES), b"staff" + actor.id.bytes
    kek = crypto.stretch(_passphrase_bytes(passphrase), salt=salt, cost=cost)
    inner = crypto.seal(kek, actor.pair.private, bound_to=place)
    with act("staff.passphrase-changed", by=actor.id, on=on, site=actor.site):
        Staff.objects.filter(pk=actor.id).update(
            salt=salt,
            cost=dump_cost(cost),
            sealed_private=crypto.seal(actor.site["outer"], inner, bound_to=place),
        )
    truncate_log()  # or the key under the old passphrase would linger there


def check_passphrase(passphrase: str, *, name: str) -> None:
    """Raise StaffError unless a passphrase is long enough to be stretched into a key."""
    text = unicodedata.normalize("NFKC", passphrase).strip()
    # A Chinese character carries about two letters' worth of choice.
    length = sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
    if length < PASSPHRASE_LENGTH or len(set(text)) < 6 or name.lower() in text.lower():
        raise StaffError(
            gettext_noop(
                "This passphrase is too easy to guess. Use five or more words that do not "
                "belong together, at least {length} letters, without your sign-in name."
            ),
            length=PASSPHRASE_LENGTH,
        )


def clean_name(name: str) -> str:
    """Return a sign-in name as it is looked up."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def open_profile(row: Staff, *, site: SiteKeys) -> Profile:
    """Return what the unsealed site knows of a colleague."""
    public = bytes(row.public_key)
    plain = crypto.open_sealed(
        site["shell"], bytes(row.profile), bound_to=_profile_place(row.id, public)
    )
    name, role, active = json.loads(plain)
    return Profile(row.id, name, Role(role), public, active)


def _check_name_free(name: str, *, site: SiteKeys) -> None:
    if Staff.objects.filter(lookup=_lookup(site, name)).exists():
        raise StaffError(gettext_noop("This sign-in name is taken. Choose another one."))


def _rewrite(
    staff: uuid.UUID,
    *,
    by: Actor,
    on: date,
    action: str,
    role: Role | None = None,
    leaves: bool = False,
) -> None:
    with act(action, by=by.id, on=on, site=by.site, detail=str(staff)):
        row = Staff.objects.select_for_update().get(pk=staff)
        old = open_profile(row, site=by.site)
        if not old.active:
            raise StaffError(
                gettext_noop(
                    "This colleague has left, and their sign-in stays closed. "
                    "If they come back, invite them anew under another sign-in name."
                )
            )
        row.profile = _seal_profile(
            by.site, Profile(staff, old.name, role or old.role, old.public, not leaves)
        )
        row.save(update_fields=["profile"])


def _seal_profile(site: SiteKeys, profile: Profile) -> bytes:
    plain = json.dumps([profile.name, profile.role.value, profile.active], ensure_ascii=False)
    return crypto.seal(
        site["shell"],
        plain.encode().ljust(160),
        bound_to=_profile_place(profile.id, profile.public),
    )


def _profile_place(staff: uuid.UUID, public: bytes) -> bytes:
    # With the public key in it: who changes that key in the database breaks the profile.
    return b"profile" + staff.bytes + public


def _digits(code: str) -> str:
    return "".join(code.split())


def _totp_matches(secret: bytes, code: str) -> bool:
    # Six digits and no more: 0123456 would be the number 123456 and pass for a fresh code.
    digits = _digits(code)
    six = len(digits) == TOTP_DIGITS and digits.isascii() and digits.isdigit()
    return six and _now_shows(secret, int(digits))


def _now_shows(secret: bytes, code: int) -> bool:
    """Whether the app shows this code now, or did within half a minute (RFC 6238)."""
    device: Any = TOTP
    return bool(device(secret).verify(code, tolerance=1))


def _passphrase_bytes(passphrase: str) -> bytes:
    return " ".join(unicodedata.normalize("NFKC", passphrase).split()).encode()


def _clean_code(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _lookup(site: SiteKeys, name: str) -> bytes:
    return crypto.keyed_hash(site["lookup"], b"staff", name.encode())


def _code_lookup(site: SiteKeys, code: str) -> bytes:
    return crypto.keyed_hash(site["lookup"], b"invitation", code.encode())
