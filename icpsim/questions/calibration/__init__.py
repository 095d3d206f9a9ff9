"""What the published effects say about the mechanisms: tables and pictures."""
