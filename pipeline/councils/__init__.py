"""The register of councils."""
