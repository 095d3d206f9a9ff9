"""Parameter tables and prices."""
