"""Work that is alike: what other councils are doing, did or published, why it is like this, and how ours differs."""
