"""Everything public as files: made from one moment, kept with their place in the log, given out until they age."""
