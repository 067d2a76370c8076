"""Exchange with other programs: REFI-QDA, Taguette, tables and quotations."""

from footbridge.grounded.exchange.codebooks import read_codebook
from footbridge.grounded.exchange.losses import LossReport
from footbridge.grounded.exchange.refi_read import read
from footbridge.grounded.exchange.refi_write import write, write_codebook
from footbridge.grounded.guarded.archives import Limits

__all__ = ["Limits", "LossReport", "read", "read_codebook", "write", "write_codebook"]
