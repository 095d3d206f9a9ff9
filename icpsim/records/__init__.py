"""HES-shaped tables: schema, writer, reader, checks."""
