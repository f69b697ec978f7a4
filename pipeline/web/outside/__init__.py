"""What other sites and programs take from here without the API: feeds, calendars, pages to frame, and what tells of
them."""
