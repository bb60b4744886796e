"""Formats that people travel in, one file each: text to plain values and back, without files, index or clock."""
