"""What the entry points share: who asks, how a refusal becomes a status, security headers."""
