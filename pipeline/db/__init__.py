"""Keeping things: tables, the unit of work, the event log and what hangs on it. SQLAlchemy starts here."""
