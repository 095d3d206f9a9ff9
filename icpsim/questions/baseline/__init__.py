"""What care without a programme looks like: tables and pictures of the natural history."""
