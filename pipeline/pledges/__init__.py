"""Pledges of councils towards the needs of projects."""
