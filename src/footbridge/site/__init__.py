"""The web site: settings, addresses, templates and health."""
