"""Texts that people write: Markdown rendered and made safe."""
