"""Settings of the site: base, and one small module for each way to run it."""
