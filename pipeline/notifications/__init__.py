"""Telling people what happened, by e-mail."""
