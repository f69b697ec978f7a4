"""What happened, for anybody who follows: the public part of the event log."""
