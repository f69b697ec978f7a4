"""Contact: writing to a person, a project's leads or a council by a form that shows nobody's address."""
