"""Tables, pictures, JSON and files of a study's results."""
