"""What outlives the process: the only room that knows sqlite3 and keyring."""
