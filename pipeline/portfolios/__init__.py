"""A council's work at a glance: what it leads and what it takes part in, and what that comes to."""
