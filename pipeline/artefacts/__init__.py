"""Shared documents: versions that councils adopt, adapt, compare, merge and learn from."""
