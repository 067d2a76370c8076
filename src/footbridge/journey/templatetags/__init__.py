"""Tags of the journey's pages."""
