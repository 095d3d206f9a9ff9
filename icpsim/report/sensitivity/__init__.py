"""A sensitivity analysis and scenario discovery as tables, sentences, pictures and files."""
