"""For the recipient of an extract: make a key, and open what was sealed to it."""

from __future__ import annotations

import base64
import io
import json
import os
import zipfile
from pathlib import Path
from types import ModuleType

import click

PAD = 512
COST = "MODERATE"  # libsodium's word: 256 MiB for each try of a passphrase


@click.group()
def extract() -> None:
    """Make a recipient's key; open an extract that was sealed to it.

    Run this on your own computer. The private key never leaves it.
    """


@extract.command()
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("recipient.key"),
    show_default=True,
    help="File for the private key, sealed with your passphrase.",
)
def keygen(out: Path) -> None:
    """Make a key pair, and print the public line to send to the programme."""
    if out.exists():
        raise click.ClickException(
            f"{out} is there already. Overwriting it would lock you out of what was sealed to it. "
            "Choose another file with --out."
        )
    passphrase = click.prompt(
        "Passphrase for the key", hide_input=True, confirmation_prompt=True, err=True
    )
    if len(passphrase) < 8:
        raise click.ClickException(
            "This passphrase is too short to guard a file. Use eight characters or more."
        )
    nacl = _nacl()
    public, private = nacl.bindings.crypto_box_keypair()
    salt = nacl.utils.random(nacl.pwhash.argon2id.SALTBYTES)
    box = nacl.secret.SecretBox(_stretched(nacl, passphrase, salt))
    kept = {
        "public": _text(public),
        "salt": _text(salt),
        "sealed": _text(bytes(box.encrypt(private))),
    }
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(kept, file)
    click.echo(_recipients().write_public(public))
    click.echo(
        f"The private key is in {out}. Keep it and its passphrase; send the line above.", err=True
    )


@extract.command("open")
@click.argument("sealed", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=Path("recipient.key"),
    show_default=True,
    help="The file that keygen wrote.",
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("extract"),
    show_default=True,
    help="Folder for the opened files; made if it is not there.",
)
def open_(sealed: Path, key: Path, into: Path) -> None:
    """Open a SEALED extract and write its files."""
    nacl = _nacl()
    passphrase = click.prompt("Passphrase of the key", hide_input=True, err=True)
    public, private = _open_key(nacl, key, passphrase)
    data, mark = sealed.read_bytes(), _recipients().SEALED_MARK
    if not data.startswith(mark):
        raise click.ClickException(
            f"{sealed} is no sealed extract, or its beginning was lost. Ask for the file again."
        )
    try:
        padded = nacl.bindings.crypto_box_seal_open(data[len(mark) :], public, private)
        plain = nacl.bindings.sodium_unpad(padded, PAD)
    except nacl.exceptions.CryptoError as error:
        raise click.ClickException(
            "The extract does not open with this key: it was sealed to another one, or it was "
            "changed on its way. Check which key you sent."
        ) from error
    _write(plain, into)


def _open_key(nacl: ModuleType, key: Path, passphrase: str) -> tuple[bytes, bytes]:
    """Return the public and private half of a key file."""
    try:
        kept = json.loads(key.read_text("utf-8"))
        public, salt, box = (base64.b64decode(kept[name]) for name in ("public", "salt", "sealed"))
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(
            f"{key} is no key file. Give the file that 'footbridge extract keygen' wrote."
        ) from error
    try:
        private = nacl.secret.SecretBox(_stretched(nacl, passphrase, salt)).decrypt(box)
    except nacl.exceptions.CryptoError as error:
        raise click.ClickException(
            "The key does not open: the passphrase is another one, or the file was changed. "
            "Try again; nobody can reset it."
        ) from error
    return public, bytes(private)


def _write(plain: bytes, into: Path) -> None:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        for name in archive.namelist():
            place = into / Path(name).name  # a name that points elsewhere ends here too
            if place.exists():
                raise click.ClickException(
                    f"{place} is there already. Nothing more was written; choose another --into."
                )
            place.write_bytes(archive.read(name))
            click.echo(str(place))


def _stretched(nacl: ModuleType, passphrase: str, salt: bytes) -> bytes:
    kind = nacl.pwhash.argon2id
    key: bytes = kind.kdf(
        nacl.secret.SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=getattr(kind, f"OPSLIMIT_{COST}"),
        memlimit=getattr(kind, f"MEMLIMIT_{COST}"),
    )
    return key


def _nacl() -> ModuleType:
    """Return libsodium's binding, or say how to get it."""
    try:
        import nacl.bindings
        import nacl.exceptions
        import nacl.pwhash
        import nacl.secret
        import nacl.utils
    except ModuleNotFoundError as error:
        raise click.ClickException(
            "Keys need PyNaCl, which is not installed. Install 'footbridge[web]' and try again."
        ) from error
    return nacl


def _recipients() -> ModuleType:
    from footbridge.disclosure import recipients

    return recipients


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
