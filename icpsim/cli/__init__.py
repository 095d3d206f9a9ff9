"""The command line: one command a file; heavy libraries are imported when a command runs, not before."""
