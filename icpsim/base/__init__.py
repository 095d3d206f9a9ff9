"""What everything else stands on: compiled rules, keyed randomness, row access, packaged files, source digests."""
