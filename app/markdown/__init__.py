"""From text to blocks, line by line as it streams. No Qt."""
