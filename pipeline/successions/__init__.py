"""Councils that merge, carry on or split: what becomes of what they had."""
