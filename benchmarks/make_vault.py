#!/usr/bin/env python3
"""Write a deterministic vault of N Markdown notes (standard library only).

usage: make_vault.py OUT -n 10000 [--seed 1] [--git]

The same (n, seed) gives the same bytes on any machine and Python >= 3.8.  What it holds:
  30 %  people/<initial>/<Name>.md      contacts: front matter, ## Log, ## Tasks, wikilinks
  10 %  posts/<year>/<slug>.md          500-1500 words, headings, every link form, fake links in code
  30 %  daily/<book>/<year>/<month>/..  dated notes that mention 1-4 people
  30 %  notes/<area>/<sub>/...          plain notes with no link at all
About 3 % of the files are CRLF, 8 % of the contacts have non-ASCII (NFC) names, half of the daily
and plain notes have no front matter, 0.3 % of all notes have front matter that is not valid YAML,
2 % of the links point at nothing.  A summary (the true counts) is printed as one JSON line.
"""

import argparse
import datetime as dt
import json
import os
import random
import subprocess
import unicodedata


def _words(text):
    return text.split()


def _lines(text):
    return [line.strip() for line in text.strip().splitlines()]


SYL = _words("""
    ba be bi bo bu da de di do du fa fe fi fo ga ge gi go ka ke ki ko la le li lo lu ma me mi mo mu na
    ne ni no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi vo za zo
""")
COMMON = _words("""
    the of and to a in is it that for on as with was be by this from or at an are not have had but which
    one we you they can all when there more about who will would so up out if into time then what
""")
FIRST = _words("""
    Ana Ben Carla David Elena Farid Grace Henry Ines Jonas Karin Liam Maria Nadia Oscar Paula Quinn Rosa
    Samir Tess Umar Vera Wendy Xavier Yara Zane Alice Bruno Chloe Dario Emma Felix Gita Hugo Irene
""")
FIRST_U = _words("Zoë José Åsa Łukasz Søren Noël Márta Đorđe Юлия Иван 美咲 健太 Ελένη François Jürgen Íris")
COMPANY = _lines("""
    Acme
    Northwind
    Globex
    Initech
    Umbrella Labs
    Hooli
    Contoso
    Vandelay
    Stark & Sons
    Blue Ridge
    Café Numérique
    Delta: Works
""")
ROLE = _lines("""
    Staff engineer
    CTO
    Recruiter
    Product manager
    Designer
    VP Engineering
    Founder
    Data lead
""")
TOPIC = _words("""
    databases hiring python leadership search rust writing open-source startups ml security remote-work
    conferences product design career
""")
MET = _lines("""
    PyCon 2019, hallway track
    ex-colleague at Globex
    introduced by a friend: Sam
    Twitter DM
    meetup
    interviewed me (2021)
    "the bus story"
    conference dinner #3
""")
KIND = _words("call coffee email chat lunch intro meeting")
AREA = _words("work ideas reading recipes projects archive travel health")
EPOCH = dt.date(2015, 1, 1)


def words():
    rng = random.Random("words")
    out = list(COMMON) * 6
    while len(out) < 2200:
        out.append("".join(rng.choices(SYL, k=rng.randint(2, 4))))
    return out


WORDS = words()


def sentence(rng, lo=6, hi=18):
    w = rng.choices(WORDS, k=rng.randint(lo, hi))
    return w[0].capitalize() + " " + " ".join(w[1:]) + "."


def para(rng, n):
    return " ".join(sentence(rng) for _ in range(n))


def rng_for(seed, kind, i):
    return random.Random(f"{seed}:{kind}:{i}")


def day(rng, lo=0, hi=3650):
    return EPOCH + dt.timedelta(days=rng.randint(lo, hi))


def person_name(seed, i):
    rng = rng_for(seed, "name", i)
    first = rng.choice(FIRST_U) if rng.random() < 0.08 else rng.choice(FIRST)
    last = "".join(rng.choices(SYL, k=3)).capitalize()
    # the index makes it unique; a letter code rather than digits looks like a surname
    code, k = "", i
    while True:
        code = SYL[k % len(SYL)] + code
        k //= len(SYL)
        if not k:
            break
    return unicodedata.normalize("NFC", f"{first} {last}{code}")


def post_name(seed, i):
    rng = rng_for(seed, "post", i)
    return "-".join(rng.choices(WORDS[400:], k=rng.randint(2, 4))) + f"-{i}"


def contact(seed, i):
    """The facts of contact i, as a dict (also used by convert.py for the peers' own formats)."""
    rng = rng_for(seed, "contact", i)
    name = person_name(seed, i)
    log = sorted((day(rng) for _ in range(rng.randint(2, 9))), reverse=True)
    return {
        "name": name,
        "aliases": [name.split()[0] + " " + name.split()[1][0] + "."] if rng.random() < 0.5 else [],
        "company": rng.choice(COMPANY),
        "role": rng.choice(ROLE),
        "topics": rng.sample(TOPIC, rng.randint(1, 4)),
        "how_met": rng.choice(MET),
        "cadence": rng.choice([14, 30, 60, 90, 180, 365]),
        "last_contact": log[0].isoformat(),
        "birthday": f"{rng.randint(1955, 2002)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}",
        "email": f"p{i}@example.org",
        "tags": ["contact", "tier/" + rng.choice("abc")],
        "log": [(d.isoformat(), rng.choice(KIND), sentence(rng, 8, 22)) for d in log],
        "tasks": [
            (rng.random() < 0.4, sentence(rng, 5, 10), day(rng, 3000, 3900).isoformat())
            for _ in range(rng.randint(0, 3))
        ],
        "about": para(rng, rng.randint(2, 5)),
    }


def q(s):
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Vault:
    def __init__(self, n, seed):
        self.n, self.seed = n, seed
        self.contacts = max(1, n * 30 // 100)
        self.posts = max(1, n * 10 // 100)
        self.daily = n * 30 // 100
        self.plain = n - self.contacts - self.posts - self.daily
        self.names = [person_name(seed, i) for i in range(self.contacts)]
        self.slugs = [post_name(seed, i) for i in range(self.posts)]
        self.stats = {
            "notes": n,
            "contacts": self.contacts,
            "posts": self.posts,
            "daily": self.daily,
            "plain": self.plain,
            "bytes": 0,
            "links": 0,
            "broken": 0,
            "fake_links": 0,
            "crlf": 0,
            "front_matter": 0,
            "invalid_yaml": 0,
            "words": 0,
        }

    def someone(self, rng):  # popular people are mentioned far more often
        return self.names[int(self.contacts * rng.random() ** 3)]

    def some_post(self, rng):
        return self.slugs[int(self.posts * rng.random() ** 2)]

    def wiki(self, rng, target):
        self.stats["links"] += 1
        if rng.random() < 0.02:
            self.stats["broken"] += 1
            target = "Missing " + target
        r = rng.random()
        if r < 0.6:
            return f"[[{target}]]"
        if r < 0.85:
            return f"[[{target}|{rng.choice(WORDS)}]]"
        return f"[[{target}#Log]]" if " " in target else f"[[{target}#Section 1]]"

    def notes(self):
        for i in range(self.contacts):
            yield self.contact_note(i)
        for i in range(self.posts):
            yield self.post_note(i)
        for i in range(self.daily):
            yield self.daily_note(i)
        for i in range(self.plain):
            yield self.plain_note(i)

    def contact_note(self, i):
        rng, c = rng_for(self.seed, "cnote", i), contact(self.seed, i)
        fm = ["---", f"name: {c['name']}"]
        if c["aliases"]:
            fm.append("aliases: [" + ", ".join(q(a) for a in c["aliases"]) + "]")
        fm += [f"company: {q(c['company'])}", f"role: {c['role']}", "topics:"]
        fm += [f"  - {t}" for t in c["topics"]]
        fm += [
            f"how_met: {q(c['how_met'])}",
            f"cadence: {c['cadence']}d",
            f"last_contact: {c['last_contact']}",
            f"birthday: {c['birthday']}",
            f"email: {c['email']}",
            "tags: [" + ", ".join(c["tags"]) + "]",
            "---",
        ]
        if rng.random() < 0.006:
            fm.insert(2, 'company: "unclosed: [oops')
            self.stats["invalid_yaml"] += 1
        self.stats["front_matter"] += 1
        b = [f"# {c['name']}", "", c["about"], ""]
        if rng.random() < 0.5:
            b += [f"Works with {self.wiki(rng, self.someone(rng))} at {c['company']}.", ""]
        b += ["## Log", ""]
        for d, kind, text in c["log"]:
            link = " See " + self.wiki(rng, self.some_post(rng)) + "." if rng.random() < 0.45 else ""
            link += " With " + self.wiki(rng, self.someone(rng)) + "." if rng.random() < 0.2 else ""
            b.append(f"- {d} {kind}: {text}{link}")
        if c["tasks"]:
            b += ["", "## Tasks", ""]
            b += [f"- [{'x' if done else ' '}] {t} (due {d})" for done, t, d in c["tasks"]]
        stem = c["name"]
        return f"people/{stem[0].upper()}/{stem}.md", fm + b, rng

    def post_note(self, i):
        rng = rng_for(self.seed, "pnote", i)
        slug, d = self.slugs[i], day(rng)
        title = slug.rsplit("-", 1)[0].replace("-", " ").capitalize()
        fm = [
            "---",
            f"title: {title}",
            f"date: {d}",
            "status: " + rng.choice(["draft", "published"]),
            "tags:",
        ]
        fm += [f"  - {t}" for t in rng.sample(TOPIC, 3)] + ["---"]
        self.stats["front_matter"] += 1
        b, goal, got, sec = [f"# {title}", ""], rng.randint(500, 1500), 0, 0
        while got < goal:
            sec += 1
            b += [f"## Section {sec}", ""]
            for _ in range(rng.randint(1, 4)):
                p = para(rng, rng.randint(2, 5))
                got += p.count(" ") + 1
                r = rng.random()
                if r < 0.35:
                    p += f" As {self.wiki(rng, self.someone(rng))} said, *{sentence(rng, 3, 6)}*"
                elif r < 0.5:
                    self.stats["links"] += 1
                    j = rng.randrange(self.posts)
                    p += f" See [the {rng.choice(WORDS)} post](../{self.post_year(j)}/{self.slugs[j]}.md)."
                elif r < 0.6:
                    p += f" Compare `[[{rng.choice(WORDS)}]]` with **{rng.choice(WORDS)}** <https://example.org/{got}>."
                    self.stats["fake_links"] += 1
                b += [p, ""]
            r = rng.random()
            if r < 0.25:
                b += [
                    "```python",
                    "def f(x):",
                    f"    return x  # [[not a link {got}]] [t](no.md)",
                    "matrix = [[1, 2], [3, 4]]",
                    "```",
                    "",
                ]
                self.stats["fake_links"] += 3
            elif r < 0.4:
                self.stats["links"] += 1
                b += [f"![[{self.some_post(rng)}]]", ""]
            elif r < 0.6:
                b += [f"- {sentence(rng)}" for _ in range(rng.randint(2, 5))] + [""]
            elif r < 0.7:
                b += ["> " + sentence(rng), ""]
        return f"posts/{self.post_year(i)}/{slug}.md", fm + b, rng

    def post_year(self, i):
        return 2015 + rng_for(self.seed, "year", i).randint(0, 9)

    def daily_note(self, i):
        rng = rng_for(self.seed, "dnote", i)
        book, k = divmod(i, 3650)
        d = EPOCH + dt.timedelta(days=k)
        stem = d.isoformat() + (f" b{book}" if book else "")
        fm = []
        if rng.random() < 0.5:
            fm = ["---", f"date: {d}", f"mood: {rng.randint(1, 5)}", "tags: [daily]", "---"]
            self.stats["front_matter"] += 1
        b = [f"# {stem}", ""]
        b += [para(rng, rng.randint(2, 5)), ""]
        for _ in range(rng.randint(1, 4)):
            b.append(f"- {rng.choice(KIND)} with {self.wiki(rng, self.someone(rng))}: {sentence(rng)}")
        b += ["", "## Notes", "", para(rng, rng.randint(2, 6)), ""]
        if rng.random() < 0.3:
            b += [f"- [ ] {sentence(rng, 4, 9)}"]
        return f"daily/b{book}/{d.year}/{d.month:02d}/{stem}.md", fm + b, rng

    def plain_note(self, i):
        rng = rng_for(self.seed, "note", i)
        fm = []
        if rng.random() < 0.5:
            fm = ["---", f"title: {q(sentence(rng, 2, 4))}", f"created: {day(rng)}", "tags: [note]", "---"]
            if rng.random() < 0.008:
                fm.insert(2, "\tbad: tab: indent: ]")
                self.stats["invalid_yaml"] += 1
            self.stats["front_matter"] += 1
        b = [f"# Note {i}", ""]
        for _s in range(rng.randint(1, 5)):
            b += [f"## {sentence(rng, 1, 3)}", "", para(rng, rng.randint(2, 7)), ""]
        if rng.random() < 0.1:
            b += ["```sh", "if [[ -f x ]]; then echo [[y]]; fi", "```", ""]
            self.stats["fake_links"] += 2
        area = AREA[i % len(AREA)]
        stem = "-".join(rng.choices(WORDS[400:], k=2)) + f"-n{i}"
        return f"notes/{area}/s{i // len(AREA) // 200}/{stem}.md", fm + b, rng

    def write(self, out):
        made, st = set(), self.stats
        for rel, lines, rng in self.notes():
            crlf = rng.random() < 0.03
            text = ("\r\n" if crlf else "\n").join(lines) + ("\r\n" if crlf else "\n")
            data = text.encode("utf-8")
            st["crlf"] += crlf
            st["bytes"] += len(data)
            path = os.path.join(out, rel)
            folder = os.path.dirname(path)
            if folder not in made:
                os.makedirs(folder, exist_ok=True)
                made.add(folder)
            with open(path, "wb") as f:
                f.write(data)
        del st["words"]
        st["folders"] = len(made)
        st["mean_bytes"] = round(st["bytes"] / st["notes"])
        return st


def main():
    ap = argparse.ArgumentParser(description="write a deterministic vault of Markdown notes")
    ap.add_argument("out")
    ap.add_argument("-n", type=int, default=1000)
    ap.add_argument("--seed", type=int, default=1)
    ap.add_argument("--git", action="store_true", help="git init, add and commit the vault")
    a = ap.parse_args()
    if os.path.exists(a.out) and os.listdir(a.out):
        raise SystemExit(f"{a.out} exists and is not empty")
    os.makedirs(a.out, exist_ok=True)
    st = Vault(a.n, a.seed).write(a.out)
    if a.git:
        env = dict(
            os.environ,
            GIT_AUTHOR_NAME="v",
            GIT_AUTHOR_EMAIL="v@example.org",
            GIT_COMMITTER_NAME="v",
            GIT_COMMITTER_EMAIL="v@example.org",
            GIT_AUTHOR_DATE="2020-01-01T00:00:00Z",
            GIT_COMMITTER_DATE="2020-01-01T00:00:00Z",
        )
        for args in (
            ["init", "-q"],
            ["config", "core.autocrlf", "false"],
            ["config", "gc.auto", "0"],
            ["config", "core.quotepath", "false"],
            ["add", "-A"],
            ["commit", "-qm", "vault"],
        ):
            subprocess.run(["git", "-C", a.out, *args], check=True, env=env)
    print(json.dumps(st))


if __name__ == "__main__":
    main()
