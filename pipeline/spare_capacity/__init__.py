"""Spare capacity: what a council could give, and the needs of others it fits. Listing promises nothing."""
