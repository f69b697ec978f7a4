"""Introductions: a coordinator writes to two councils about each other, and later says what came of it."""
