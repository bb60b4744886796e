"""File formats for people, one module each: text to plain values and back, without files, index or clock."""
