"""Reading shared documents, always on behalf of a viewer."""
