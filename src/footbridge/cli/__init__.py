"""The command line: one thin door to the libraries and to a site's commands."""
