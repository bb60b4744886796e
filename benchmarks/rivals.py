"""Other tools, each installed from PyPI into a throw-away environment of its own, and what they are asked.

One that does not install is skipped with a line that says so. They do different work; what each does stands
beside its figure.
"""

from __future__ import annotations

import shutil
import subprocess
import venv
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from benchmarks.timing import Command
from benchmarks.trial import HERE, PYTHON, Trial

PACKAGES = {
    "headless-vault-kit": "headless-vault-kit==0.1.0",
    "graphmark": "graphmark",
    "obsidiantools": "obsidiantools",
    "hermitcrm": "hermitcrm",
    "khard": "khard",
    "orbit-crm": "orbit-crm",
}
OBSIDIANTOOLS = (
    "import sys, pathlib, obsidiantools.api as o; o.Vault(pathlib.Path(sys.argv[1])).connect().gather()"
)


@dataclass
class Rivals:
    """The environments, made when first asked for; none at all with `are_wanted` False."""

    folder: Path
    are_wanted: bool = True
    _found: dict[str, Path | None] = field(default_factory=dict)

    def program(self, name: str, script: str) -> Path | None:
        """A program of a rival; None where it did not install."""
        if name not in self._found:
            self._found[name] = self._install(name) if self.are_wanted else None
        found = self._found[name]
        return found / "bin" / script if found else None

    def _install(self, name: str) -> Path | None:
        place = self.folder / name
        done = place / "installed"
        if done.exists():
            return place
        shutil.rmtree(place, ignore_errors=True)
        venv.create(place, with_pip=True)
        pip = [
            str(place / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        told = subprocess.run([*pip, PACKAGES[name]], capture_output=True, text=True, check=False)
        if told.returncode:
            why = (told.stderr.strip() or "pip failed").splitlines()[-1]
            print(f"  .. {PACKAGES[name]} does not install here, its rows are left out: {why}", flush=True)
            return None
        done.touch()
        return place

    def named(self, name: str) -> str:
        """Its name with the version that is installed."""
        place = self._found.get(name)
        for site in place.glob("lib/python*/site-packages") if place else ():
            for found in metadata.distributions(path=[str(site)]):
                if found.metadata["Name"].lower() == name:
                    return f"{name} {found.version}"
        return name

    def scan(self, trial: Trial) -> Command | None:
        """headless-vault-kit builds its index from nothing."""
        hvk = self.program("headless-vault-kit", "hvk")
        if hvk is None:
            return None
        index = trial.folder / "headless-vault-kit.index"
        words = [str(hvk), "--vault", str(trial.root), "--index", str(index), "--json", "scan"]
        return Command(words, lambda: shutil.rmtree(index, ignore_errors=True))

    def graph(self, trial: Trial) -> Command | None:
        graphmark = self.program("graphmark", "graphmark")
        return Command([str(graphmark), "--root", str(trial.root), "stats"]) if graphmark else None

    def gather(self, trial: Trial) -> Command | None:
        python = self.program("obsidiantools", "python")
        return (
            Command([str(python), "-W", "ignore", "-c", OBSIDIANTOOLS, str(trial.root)]) if python else None
        )

    def keep_in_touch(self, trial: Trial) -> Command | None:
        """hermitcrm's list of people not spoken to in a while, of the same contacts in its own format."""
        hermit = self.program("hermitcrm", "hermitcrm")
        if hermit is None:
            return None
        data = trial.folder / f"hermitcrm-{trial.notes}"
        if not data.exists():
            started = [str(hermit), "init", "--no-setup", str(data)]
            subprocess.run(started, check=True, capture_output=True)
            _convert("hermit", data, trial)
        return Command([str(hermit), "--data", str(data), "keep-in-touch"])

    def list_cards(self, trial: Trial) -> Command | None:
        """khard lists the same contacts from vCards."""
        khard = self.program("khard", "khard")
        if khard is None:
            return None
        cards = trial.folder / f"khard-{trial.notes}"
        settings = cards.with_suffix(".conf")
        if not cards.exists():
            _convert("vcards", cards, trial)
            settings.write_text(
                f"[addressbooks]\n[[bench]]\npath = {cards}\n[general]\ndefault_action = list\n"
            )
        return Command([str(khard), "-c", str(settings), "list"])

    def orbit(self, trial: Trial, *words: str) -> Command | None:
        """orbit-crm on the same contacts as notes of its own kind; its index lies in a home of its own."""
        orbit = self.program("orbit-crm", "orbit")
        if orbit is None:
            return None
        vault, home = trial.folder / f"orbit-{trial.notes}", trial.folder / "orbit-home"
        environment = {"HOME": str(home)}
        if not vault.exists():
            home.mkdir(exist_ok=True)
            begin = [str(orbit), "init", str(vault), "--name", "Me", "--email", "me@example.org"]
            subprocess.run(begin, check=True, capture_output=True, env=environment)
            _convert("orbit", vault, trial)
        return Command([str(orbit), *words, str(vault)], environment=environment)


def _convert(kind: str, out: Path, trial: Trial) -> None:
    """The contacts of a vault in a rival's format; in a process of its own, so that this one stays small."""
    words = [PYTHON, "-m", "benchmarks.address_books", kind, str(out), str(trial.truth["contacts"])]
    subprocess.run(words, check=True, cwd=HERE.parent)
