"""Comments: conversation where it is needed, on updates, suggestions, and requests. Not a forum."""
