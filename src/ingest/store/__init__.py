"""The database: the only package that opens SQLite or speaks SQL."""
