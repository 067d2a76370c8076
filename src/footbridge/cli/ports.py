"""Whether a port is free, asked before long work and not after it."""

from __future__ import annotations

import socket

import click


def check_port_is_free(host: str, port: int) -> None:
    """Refuse a port that another programme listens on.

    Raises
    ------
    click.ClickException
        If the address cannot be bound; the message says what to do instead.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise click.ClickException(
                f"Port {port} on {host} cannot be used: {error.strerror}. "
                "Another programme, perhaps another Footbridge, may be listening there. "
                f"Stop it, or choose another port, for example {port + 1}."
            ) from error
