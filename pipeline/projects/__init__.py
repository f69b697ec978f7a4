"""Projects, their needs, people and updates."""
