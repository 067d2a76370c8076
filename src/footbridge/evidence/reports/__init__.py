"""Reports: a fixed catalogue of tables, cut by the quarter, made safe, released once."""
