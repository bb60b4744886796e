"""Three versions of a note or a page become one."""
