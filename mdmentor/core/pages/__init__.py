"""The pages and blocks: values in, Markdown text out. Nothing here decides who is due, or why.

One module a page: `reach_out`, `mentors`, `two_way`, `posts`, `dates`, `network`, `problems`; `blocks` for
the parts of users' notes; `frame` and `person` for what they share. Import those: gathering them here would
close a ring, since what the pages of mentoring are made from tells its days with `frame`.
"""
