"""The sentences of openers, by situation, and the questions that close them."""

from __future__ import annotations

import re

# The cases of each situation, each with the sentences that fit; several of the last talk may apply together. Every
# sentence begins with a word of ours, which loses its capital behind the greeting; {close} is one of `CLOSERS`.
_SENTENCES = """
birthday: today
    Happy birthday! I hope it's a good one.
    Happy birthday! I hope you have time to enjoy the day.
    Happy birthday, and all the best for the year ahead!
birthday: past
    Happy belated birthday! I hope you had a good day.
    I'm a little late, but happy birthday! {close}
promise: to thank
    I wanted to thank you for {what}. That was kind of you.
    Thank you again for {what}. {close}
promise: in words that fit
    I haven't forgotten that I promised to {deed}. {close}
    I said I would {deed}, and I haven't forgotten. {close}
    I promised to {deed}, and it's still on my list. {close}
promise: long overdue
    I'm sorry I still haven't managed to {deed}. {close}
    It's taken me far too long to {deed}, but I haven't forgotten. {close}
promise: in other words
    I haven't forgotten what I promised you. {close}
    What I promised you is still on my list. {close}
thanks: of these days
    Thank you again for {what}. That was kind of you.
    I wanted to thank you for {what}. That was kind of you.
thanks: fresh
    Thank you again for {what}. I'd like to tell you what came of it.
    I wanted to thank you for {what}. That was kind of you.
    Thank you for {what}. I'll tell you what came of it when we next talk.
thanks: late
    I don't think I ever properly thanked you for {what}. It's late, but thank you.
    This is long overdue, but thank you for {what}. {close}
new: met
    It was good to meet you {when}. I'd like to stay in touch.
    It was good to meet you {when}. Do you have time for a coffee sometime soon?
    I enjoyed meeting you {when}. I'd like to hear more about what you do.
new: talked
    It was good to be in touch {when}. I'd like to keep it up.
    It was good to be in touch {when}. How have things been since?
new: introduced
    I'm glad {by} introduced us. I'd like to hear more about what you do.
    It was good to meet you {when}, and kind of {by} to introduce us. Do you have time for a coffee sometime?
sent
    I wrote {when}, and I know how full the days get. I'd still be glad to hear from you.
    Just a quick hello after my message {when}. There's no hurry to answer.
    My message {when} may have come at a busy time. I'd be glad to hear from you whenever it suits.
goal
    I've been thinking about {topic}, and you came to mind. Could I ask you something about it?
    Could I ask you a quick question about {topic}? A few lines or a short call would be plenty.
    I have a question about {topic} and would value your view. Do you have time for a call or a coffee?
wants: the title of a post
    I have something that may be useful to you: "{title}". Shall I send it over?
    I came across "{title}" and thought of you. Shall I send it over?
wants: in the title of a post
    I have something that may help with {topic}: "{title}". Shall I send it over?
    I came across "{title}" and thought of you. How are things going with {topic}?
wants: something to find
    Are you still looking for {topic}? If I can help, I'd be glad to.
    I remembered that you were looking for {topic}. Let me know if I can help.
wants: something to do
    How are things going with {topic}? If I can help, I'd be glad to.
    I was wondering how things are going with {topic}. Let me know if there's anything I can do.
gift: an introduction
    Did you and {who} find time to talk? I hope it was worth it.
    I was wondering whether you and {who} got to talk. {close}
gift: a thing
    I hope {thing} came in useful. {close}
    I was wondering what you made of {thing}. {close}
talk: tender
    I've been thinking of you. I'd be glad to hear how you are; a line is plenty.
    You've been on my mind. How are you doing?
talk: topic
    I was thinking of our conversation {when} about {topic}. {close}
talk: topic and channel
    I was thinking of {ours}, when we talked about {topic}. {close}
talk: topic, long ago
    It's been {span} since we talked about {topic}. {close}
talk: channel, lately
    I enjoyed {ours}. I hope all is well with you.
    It was good to be in touch {when}. I hope all is well with you.
talk: channel
    I was just thinking back to {ours}. {close}
talk: channel, not long ago
    I enjoyed {ours}, and I've been wondering how things are going.
talk: channel, long ago
    It's been {span} since {ours}. {close}
talk: long ago
    It's been {span} since we were in touch. {close}
    You came to mind today, and I noticed it's been {span}. {close}
talk: nothing known
    No particular reason for writing; I just wondered how you are.
    You came to mind today. {close}
    Just a quick hello. {close}
talk: where we met
    I was thinking back to when we met {met}. {close}
talk: after a long time
    It's been a long time, and I'd be glad to hear how you are. A line or two is plenty.
"""
_CASES = (case.splitlines() for case in re.split(r"\n(?! )", _SENTENCES.strip()))
SENTENCES = {case: [sentence.strip() for sentence in sentences] for case, *sentences in _CASES}

CLOSERS = (
    "How are you these days?",
    "How have you been?",
    "How are things with you?",
    "I'd be glad to hear how you are.",
    "What's keeping you busy these days?",
)
