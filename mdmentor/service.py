"""The watcher as a service: a systemd user unit, a launchd agent, or a Windows scheduled task.

Writes one file in the user's own folders and asks the system to start it; needs no rights beyond the user's.
Where the system's own command does not answer, it says what to type instead.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from mdmentor.errors import WorldFailed

Run = Callable[[Sequence[str]], bool]  # runs a command of the system's; False where it is missing or fails


def install(root: Path, *, polls: bool = False) -> list[str]:
    """Has the watcher of this vault started at each login, and now; what was done, in lines."""
    # -P: no module is taken from the folder in which it happens to start
    command = [sys.executable, "-P", "-m", "mdmentor", "watch", "--vault", os.fspath(root)]
    command += ["--poll"] * polls
    kept = {name: os.environ[name] for name in ("MDMENTOR_CACHE", "PYTHONPATH") if os.environ.get(name)}
    if "MDMENTOR_CACHE" in kept:
        kept["MDMENTOR_CACHE"] = os.fspath(Path(kept["MDMENTOR_CACHE"]).expanduser().absolute())
    return _for(sys.platform).install(root, command, kept, Path.home(), _run)


def uninstall(root: Path) -> list[str]:
    """Stops that and removes the file; what was done, in lines."""
    return _for(sys.platform).uninstall(root, Path.home(), _run)


def _for(platform: str) -> Systemd | Launchd | Scheduled:
    if platform == "darwin":
        return Launchd()
    return Scheduled() if platform == "win32" else Systemd()


def _run(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def service_name(root: Path) -> str:
    """One name a vault: its folder's, made plain, and a sum of its path, so that no two vaults share one."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in root.name).strip("-")[:40] or "vault"
    return f"mdmentor-{plain}-{blake2b(os.fsencode(root), digest_size=4).hexdigest()}"


class Systemd:
    """A unit of the user's own systemd; its log is in the journal."""

    def file(self, root: Path, home: Path) -> Path:
        base = os.environ.get("XDG_CONFIG_HOME")
        folder = Path(base) if base and Path(base).is_absolute() else home / ".config"
        return folder / "systemd" / "user" / f"{service_name(root)}.service"

    def text(self, root: Path, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """The unit. Restarted only after a failure, and never in a hurry."""
        kept = "".join(f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items())
        return (
            "[Unit]\n"
            f"Description=mdmentor watches {_on_one_line(os.fspath(root)).replace('%', '%%')}\n"
            "\n"
            "[Service]\n"
            f"ExecStart={' '.join(_quoted(part, is_command=True) for part in command)}\n"
            f"{kept}"
            "Restart=on-failure\n"
            "RestartSec=30\n"
            "Nice=10\n"
            "NoNewPrivileges=yes\n"
            "\n"
            "[Install]\n"
            "WantedBy=default.target\n"
        )

    def install(
        self, root: Path, command: Sequence[str], environment: Mapping[str, str], home: Path, run: Run
    ) -> list[str]:
        file = self.file(root, home)
        _write(file, self.text(root, command, environment).encode())
        told = [f"wrote {file}"]
        if run(["systemctl", "--user", "daemon-reload"]) and run(
            ["systemctl", "--user", "enable", "--now", file.name]
        ):
            told.append("The watcher runs, and will at each login.")
        else:
            told.append("systemd did not answer here; where it runs, start the watcher with:")
            told.append(f"  systemctl --user daemon-reload && systemctl --user enable --now {file.name}")
        return [*told, f"Its log: journalctl --user -u {file.name} -f"]

    def uninstall(self, root: Path, home: Path, run: Run) -> list[str]:
        file = self.file(root, home)
        run(["systemctl", "--user", "disable", "--now", file.name])
        told = _remove(file)
        run(["systemctl", "--user", "daemon-reload"])
        return told


class Launchd:
    """An agent of macOS; its log is a file."""

    def file(self, root: Path, home: Path) -> Path:
        return home / "Library" / "LaunchAgents" / f"org.{service_name(root)}.plist"

    def log(self, root: Path, home: Path) -> Path:
        return home / "Library" / "Logs" / f"{service_name(root)}.log"

    def install(
        self, root: Path, command: Sequence[str], environment: Mapping[str, str], home: Path, run: Run
    ) -> list[str]:
        import plistlib

        file, log = self.file(root, home), self.log(root, home)
        agent = {
            "Label": file.stem,
            "ProgramArguments": list(command),
            "EnvironmentVariables": dict(environment),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 30,
            "ProcessType": "Background",
            "StandardOutPath": os.fspath(log),
            "StandardErrorPath": os.fspath(log),
        }
        _write(file, plistlib.dumps(agent))
        domain = f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui/501"
        run(["launchctl", "bootout", f"{domain}/{file.stem}"])
        told = [f"wrote {file}"]
        if run(["launchctl", "bootstrap", domain, os.fspath(file)]):
            told.append("The watcher runs, and will at each login.")
        else:
            told.append(
                f"launchd did not answer; it starts at the next login, or with: launchctl load {file}"
            )
        return [*told, f"Its log: {log}"]

    def uninstall(self, root: Path, home: Path, run: Run) -> list[str]:
        file = self.file(root, home)
        domain = f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui/501"
        run(["launchctl", "bootout", f"{domain}/{file.stem}"])
        return _remove(file)


class Scheduled:
    """A task of Windows' scheduler, started at login; its log is a file beside its script."""

    def file(self, root: Path, home: Path) -> Path:
        return home / "AppData" / "Local" / "mdmentor" / f"{service_name(root)}.cmd"

    def install(
        self, root: Path, command: Sequence[str], environment: Mapping[str, str], home: Path, run: Run
    ) -> list[str]:
        file = self.file(root, home)
        log = file.with_suffix(".log")
        # in a script a percent sign begins a variable, unless it is doubled
        words = subprocess.list2cmdline(command).replace("%", "%%")
        kept = "".join(f'set "{name}={value}"\r\n'.replace("%", "%%") for name, value in environment.items())
        script = f'@echo off\r\nchcp 65001 >nul\r\n{kept}{words} >> "{str(log).replace("%", "%%")}" 2>&1\r\n'
        _write(file, script.encode())
        name = f"mdmentor\\{file.stem}"
        told = [f"wrote {file}"]
        if run(["schtasks", "/Create", "/F", "/SC", "ONLOGON", "/TN", name, "/TR", f'"{file}"']):
            told.append("The watcher will run at each login.")
            run(["schtasks", "/Run", "/TN", name])
        else:
            told.append("the scheduler did not answer; make a task that runs this script at login")
        return [*told, f"Its log: {log}"]

    def uninstall(self, root: Path, home: Path, run: Run) -> list[str]:
        file = self.file(root, home)
        run(["schtasks", "/End", "/TN", f"mdmentor\\{file.stem}"])
        run(["schtasks", "/Delete", "/F", "/TN", f"mdmentor\\{file.stem}"])
        return _remove(file)


def _quoted(text: str, *, is_command: bool = False) -> str:
    """A word as systemd reads it: quoted, its own signs escaped. Only in a command `$` means something."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{text.replace("$", "$$") if is_command else text}"'


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        raise WorldFailed(
            f'"{file}" could not be written ({error.strerror or error})', "nothing was changed"
        ) from error


def _remove(file: Path) -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        file.unlink()
        return [f"removed {file}", "The watcher will not be started any more."]
    return [f"there is no {file}; nothing was to be removed"]
