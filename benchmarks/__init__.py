"""Measuring how fast Pipeline is, beside bare Flask on the same machine in the same minutes: `make bench`."""
