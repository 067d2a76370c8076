"""The demonstration: invented people only, and every page says so."""

from footbridge.site.settings.local import *  # noqa: F403
from footbridge.site.settings.local import ALLOWED_HOSTS
from footbridge.trust.vault.crypto import Cost

FOOTBRIDGE_DEMO = True
FOOTBRIDGE_TARIFF = True
FOOTBRIDGE_TITLE = "Footbridge"
# A hundred invented people are enrolled while somebody waits; a real site pays full price.
FOOTBRIDGE_KDF_COST = FOOTBRIDGE_KDF_FLOOR = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost"]
