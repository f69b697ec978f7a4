"""Webhooks: telling other systems of public events as they happen, by Standard Webhooks 1.0."""
