"""Care processes, one a file, each a scalar rule."""
