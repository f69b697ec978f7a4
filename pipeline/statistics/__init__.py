"""What councils pledge, commit and deliver, how soon they answer and what they adopt: kept sums, rebuilt at will."""
