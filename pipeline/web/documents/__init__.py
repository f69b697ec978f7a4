"""The pages of shared documents, by what one does there."""
