"""Measurements of speed and size: ratios within one run, printed as a table. They judge nothing and fail nothing."""
