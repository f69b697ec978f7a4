"""Moderation: anybody reports what should not stand, coordinators hide it in one step, and can bring it back."""
