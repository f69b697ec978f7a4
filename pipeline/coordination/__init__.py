"""The coordinator's desk: what waits, what is nearly there and what failed, across everything."""
