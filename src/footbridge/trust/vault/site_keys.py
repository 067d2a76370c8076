"""The site key and the keys below it: in memory only, and gone when the site is sealed."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from nacl.signing import SigningKey

from footbridge.trust.decisions import HouseError, gettext_noop
from footbridge.trust.vault import crypto
from footbridge.trust.vault.epochs import Epoch, EpochStore

_PURPOSES = ("outer", "pepper", "log", "epoch", "shell", "lookup", "signing", "check")


class SealedSiteError(HouseError):
    """The site is sealed: nothing can be opened until keyholders unseal it."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "The site is sealed, so no record can be opened. "
                "Two keyholders unseal it with their shares."
            )
        )


@dataclass(slots=True)
class SiteKeys:
    """Every key that follows from the site key, and the epochs it opens.

    Held by the process and by each signed-in actor; `wipe` empties it for all of them.
    """

    site: UUID
    _keys: dict[str, bytearray] = field(repr=False)
    _epochs: dict[str, Epoch] = field(repr=False)
    store: EpochStore

    @classmethod
    def derive(cls, site_key: bytes, *, site: UUID, store: EpochStore) -> SiteKeys:
        """Return the keys that follow from a site key, with every epoch that it opens."""
        keys = {name: bytearray(crypto.subkey(site_key, name)) for name in _PURPOSES}
        epochs = store.load(bytes(keys["epoch"]))
        return cls(site, keys, {epoch.id: epoch for epoch in epochs}, store)

    def __getitem__(self, purpose: str) -> bytes:
        try:
            return bytes(self._keys[purpose])
        except KeyError:
            raise SealedSiteError from None

    @property
    def live(self) -> bool:
        """Whether these keys still open anything."""
        return bool(self._keys)

    @property
    def signing(self) -> SigningKey:
        """The key that signs the head of the trail."""
        return SigningKey(self["signing"])

    @property
    def epoch(self) -> Epoch:
        """The epoch under which new wraps are made: the youngest."""
        if not self._keys:
            raise SealedSiteError
        if not self._epochs:
            raise HouseError(
                gettext_noop(
                    "No epoch key was found beside the database, so no wrap can be opened or "
                    "made. Put the epoch card of this month into place: 'footbridge epoch import'."
                )
            )
        return max(self._epochs.values(), key=lambda epoch: (epoch.number, epoch.begun_on))

    def wrap_key(self, epoch: str) -> bytes:
        """Return the key of the outer layers of a wrap: site and epoch, both needed.

        Raises
        ------
        SealError
            If the epoch's key was destroyed: the wrap comes from an old backup.
        """
        outer = self["outer"]
        if epoch not in self._epochs:
            raise crypto.SealError(
                gettext_noop(
                    "The key of this wrap's month was destroyed, so it can never be opened. "
                    "This happens to backups older than an epoch; use a younger one."
                )
            )
        return crypto.keyed_hash(outer, b"wrap", self._epochs[epoch].key)

    def begin_epoch(self, *, on: date) -> Epoch:
        """Make and keep a new epoch; wraps move to it with `rewrap.move_wraps`."""
        # Counted, not dated: two may begin on one day, and the second must hold.
        number = 1 + max((epoch.number for epoch in self._epochs.values()), default=0)
        epoch = self.store.begin(self["epoch"], on=on, number=number)
        self._epochs[epoch.id] = epoch
        return epoch

    def look_again(self) -> None:
        """Load the epoch keys anew: a card was brought in, or another process began one."""
        self._epochs = {epoch.id: epoch for epoch in self.store.load(self["epoch"])}

    def destroy_epochs(self, *, before: date) -> list[str]:
        """Destroy the keys of epochs begun before a day, never the current one."""
        current = self.epoch.id
        old = [e.id for e in self._epochs.values() if e.begun_on < before and e.id != current]
        for epoch in old:
            self.store.destroy(epoch)
            del self._epochs[epoch]
        return old

    def wipe(self) -> None:
        """Overwrite every key: from now on nothing opens, whoever still holds this object."""
        for key in self._keys.values():
            key[:] = bytes(len(key))
        self._keys.clear()
        self._epochs.clear()


class Seal:
    """What a running process knows: the site keys, or nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: SiteKeys | None = None

    @property
    def open(self) -> bool:
        """Whether the site is unsealed."""
        return self._keys is not None

    @property
    def keys(self) -> SiteKeys:
        """The keys of the unsealed site; raise SealedSiteError where it is sealed."""
        if self._keys is None:
            raise SealedSiteError
        return self._keys

    def unseal(self, keys: SiteKeys) -> None:
        """Keep these keys until the site is sealed; whatever was kept before is overwritten."""
        with self._lock:
            if self._keys is not None and self._keys is not keys:
                self._keys.wipe()
            self._keys = keys

    def seal(self) -> None:
        """Forget and overwrite the keys."""
        with self._lock:
            if self._keys is not None:
                self._keys.wipe()
            self._keys = None


seal = Seal()
