"""What a project measures, what it gives each council, and the account of what each gave and got."""
