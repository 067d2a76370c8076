"""Who can open what, found by trying: every private key at every wrap, whosever it is.

Nothing here asks the house who may read. It takes the rows as they lie in the database
and the keys that somebody could ever have kept in mind, and follows what these open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from footbridge.trust.vault import compartments, journal
from footbridge.trust.vault.compartments import Head, OpenCompartment, PlainHolder
from footbridge.trust.vault.crypto import KEY_BYTES, KeyPair, SealError
from footbridge.trust.vault.models import Compartment as Row
from footbridge.trust.vault.models import Entry, Wrap
from footbridge.trust.vault.records import Compartment
from footbridge.trust.vault.site_keys import SiteKeys

Part = tuple[UUID, Compartment]
M = TypeVar("M")


@dataclass
class Examiner:
    """Tries keys at wraps, and remembers what it tried: the bytes of a wrap never change."""

    tried: dict[tuple[bytes, bytes], bytes | None] = field(default_factory=dict)
    proved: set[tuple[UUID, bytes]] = field(default_factory=set)
    heads: dict[bytes, Head] = field(default_factory=dict)
    pairs: dict[bytes, KeyPair] = field(default_factory=dict)

    def readable(self, minds: Mapping[M, set[bytes]], *, site: SiteKeys) -> dict[M, set[Part]]:
        """Return what each of some minds can read; circle keys that they open stay in mind."""
        wraps = list(Wrap.objects.all())
        rows = {row.id: row for row in Row.objects.all()}
        opened: set[tuple[UUID, bytes]] = set()
        found = {}
        for mind, keys in minds.items():
            held = self._follow(keys, wraps, site)
            found[mind] = {self._part(rows[one], site) for one, _ in held}
            opened |= held
        self._prove(opened, rows, site)
        return found

    def _follow(
        self, keys: set[bytes], wraps: Iterable[Wrap], site: SiteKeys
    ) -> set[tuple[UUID, bytes]]:
        held, untried = set(), list(keys)
        while untried:
            key = untried.pop()
            for wrap in wraps:
                inside = self._try(wrap, key, site)
                if inside is None:
                    continue
                if wrap.compartment_id is not None:
                    held.add((wrap.compartment_id, inside))
                elif len(inside) == KEY_BYTES and inside not in keys:  # else a share of one
                    keys.add(inside)
                    untried.append(inside)
        return held

    def _try(self, wrap: Wrap, key: bytes, site: SiteKeys) -> bytes | None:
        at = (bytes(wrap.sealed), key)
        if at not in self.tried:
            pair = self.pairs.setdefault(key, KeyPair.of(key))
            try:
                self.tried[at] = compartments.unwrap(
                    wrap, holder=PlainHolder(wrap.holder, pair, site)
                )
            except SealError:
                self.tried[at] = None
        return self.tried[at]

    def _part(self, row: Row, site: SiteKeys) -> Part:
        return row.person_id, self._head(row, site).kind

    def _head(self, row: Row, site: SiteKeys) -> Head:
        head = bytes(row.head)
        if head not in self.heads:
            self.heads[head] = compartments.open_head(site, row)
        return self.heads[head]

    def _prove(
        self, opened: set[tuple[UUID, bytes]], rows: Mapping[UUID, Row], site: SiteKeys
    ) -> None:
        """Open every entry with every key found, so that a key is known to be the right one."""
        keys = dict(opened)
        assert len(keys) == len(opened), "two keys for one compartment"
        places = Entry.objects.values_list("id", "compartment_id")
        fresh = [one for one, at in places if at in keys and (one, keys[at]) not in self.proved]
        for entry in Entry.objects.filter(pk__in=fresh):
            row = rows[entry.compartment_id]
            part = OpenCompartment(row.id, row.person_id, self._head(row, site), keys[row.id])
            journal.open_entry(part, entry)
            self.proved.add((entry.id, keys[row.id]))
