"""Draws the pictures of the README from the demo: the page Reach out next and the network, light and dark.

    python docs/pictures/draw.py

It needs Chromium (`--chromium PATH` names another one) and Pillow, which comes with the extra `bench`. The demo is made for a fixed
day, so that the pictures change only where the pages do.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from markdown_it import MarkdownIt
from PIL import Image

HERE = Path(__file__).parent
DAY = "2026-11-30"
WIDTH, HEIGHT = 1280, 760
STYLE = """
body { margin: 0; display: flex; gap: 28px; padding: 24px 28px; font: 13.5px/1.45 system-ui, "DejaVu Sans", sans-serif; }
main { width: 660px; height: 698px; overflow: hidden; }
aside { width: 536px; padding-top: 40px; }
aside img { width: 100%; }
h1 { font-size: 22px; margin: 0 0 6px; } h2 { font-size: 16px; }
ul { padding-left: 18px; margin: 4px 0; } li { margin: 2px 0; }
a { text-decoration: none; }
body { background: #fff; color: #1f2328; } a { color: #0969da; }
.dark { background: #0d1117; color: #e6edf3; } .dark a { color: #58a6ff; }
"""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chromium", default="chromium", metavar="PATH")
    chromium = parser.parse_args().chromium
    with tempfile.TemporaryDirectory() as folder:
        vault = Path(folder) / "vault"
        made = [sys.executable, "-m", "mdmentor", "demo", str(vault), "--today", DAY]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        page = (vault / "reach-out" / "Reach out next.md").read_text(encoding="utf-8").split("\n---\n", 1)[1]
        html = MarkdownIt().render(page).replace("[ ]", "☐")
        for theme in ("light", "dark"):
            file = Path(folder) / f"{theme}.html"
            file.write_text(
                f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>"
                f"<body class={theme}><main>{html}</main><aside><img src=vault/reach-out/network.svg></aside>",
                encoding="utf-8",
            )
            draw(chromium, file, HERE / f"{theme}.png", is_dark=theme == "dark")


def draw(chromium: str, page: Path, picture: Path, *, is_dark: bool) -> None:
    """A picture of an HTML file."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
    options += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    options.append(f"--blink-settings=preferredColorScheme={0 if is_dark else 1}")
    where = [f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={picture}", page.as_uri()]
    subprocess.run([chromium, *options, *where], check=True, stderr=subprocess.DEVNULL)
    Image.open(picture).convert("RGB").quantize(200).save(picture, optimize=True)  # half the size


if __name__ == "__main__":
    main()
