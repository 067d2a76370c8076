"""Tags and filters that the pages share; load them with ``{% load footbridge %}``."""
