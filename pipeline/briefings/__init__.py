"""What senior managers need on one page: of a project for their council, and of a council's year."""
