"""Settings: base holds what is the same everywhere; demo, test and production say what is not."""
