"""Bringing a council's projects in from a spreadsheet: read line by line, checked in full, then made into drafts."""
