"""Reading lessons, always on behalf of somebody: one of them, the library, and the lists on other things' pages."""
