"""The pages and blocks: values in, Markdown text out. Nothing here decides who is due, or why.

One module a page, but for `mentors` (Mentors and Two-way street) and `lists` (Dates and Problems); `blocks` for the
parts of users' notes; `page` and `person` for what they share.
"""
