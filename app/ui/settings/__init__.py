"""The settings window. Each page shows what it is given and says what the user wants changed."""
