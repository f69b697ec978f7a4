"""The verbs of webhooks: keeping them, and asking for messages to be sent."""
