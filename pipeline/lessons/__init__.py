"""What councils learned: lessons, pinned to a document where they concern one, and who used them."""
