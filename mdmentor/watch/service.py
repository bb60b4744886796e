"""The watcher as a service: a systemd user unit, a launchd agent, or a Windows scheduled task.

Writes one file in the user's own folders and asks the system to start it; this needs no rights beyond the user's.
Where the system's command does not answer, the lines say what to type instead.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from mdmentor.errors import WorldFailed

_RUNS = "The watcher runs, and will at each login."
_AT_LOGIN = "The watcher will run at each login."
Run = Callable[[Sequence[str]], bool]  # runs a system command; False where it is missing or fails


def install(root: Path, *, polls: bool = False) -> list[str]:
    """Starts the watcher of this vault now and at each login; what was done, in lines."""
    # -P: no module is taken from the folder in which it happens to start
    command = [sys.executable, "-P", "-m", "mdmentor", "watch", "--vault", os.fspath(root)]
    command += ["--poll"] * polls
    environment = {}
    if cache := os.environ.get("MDMENTOR_CACHE"):
        environment["MDMENTOR_CACHE"] = os.fspath(Path(cache).expanduser().absolute())
    if folders := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = folders
    return _service().install(root, command, environment, Path.home(), _run)


def uninstall(root: Path) -> list[str]:
    """Stops it and removes the file; what was done, in lines."""
    return _service().uninstall(root, Path.home(), _run)


def _service() -> Systemd | Launchd | Scheduled:
    if sys.platform == "darwin":
        return Launchd()
    return Scheduled() if sys.platform == "win32" else Systemd()


def _run(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def service_name(root: Path) -> str:
    """A name for each vault: that of its folder in plain letters, and a digest of its path."""
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in root.name).strip("-")[:40] or "vault"
    return f"mdmentor-{plain}-{blake2b(os.fsencode(root), digest_size=4).hexdigest()}"


_UNIT = """\
[Unit]
Description=mdmentor watches {description}

[Service]
ExecStart={start}
{settings}Restart=on-failure
RestartSec=30
Nice=10
NoNewPrivileges=yes

[Install]
WantedBy=default.target
"""


class Systemd:
    """A unit of the user's own systemd; its log is in the journal."""

    def file(self, root: Path, home: Path) -> Path:
        base = os.environ.get("XDG_CONFIG_HOME")
        folder = Path(base) if base and Path(base).is_absolute() else home / ".config"
        return folder / "systemd" / "user" / f"{service_name(root)}.service"

    def text(self, root: Path, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """The unit; it is restarted only after a failure."""
        description = " ".join(os.fspath(root).split()).replace("%", "%%")
        start = " ".join(_quoted(part, is_command=True) for part in command)
        values = (_quoted(f"{name}={value}") for name, value in environment.items())
        settings = "".join(f"Environment={value}\n" for value in values)
        return _UNIT.format(description=description, start=start, settings=settings)

    def install(
        self, root: Path, command: Sequence[str], environment: Mapping[str, str], home: Path, run: Run
    ) -> list[str]:
        file = self.file(root, home)
        _write(file, self.text(root, command, environment).encode())
        reload = ["systemctl", "--user", "daemon-reload"]
        start = ["systemctl", "--user", "enable", "--now", file.name]
        words = [_RUNS]
        if not (run(reload) and run(start)):
            by_hand = f"  {shlex.join(reload)} && {shlex.join(start)}"
            words = ["systemd did not answer here; where it runs, start the watcher with:", by_hand]
        return [f"wrote {file}", *words, f"Its log: journalctl --user -u {file.name} -f"]

    def uninstall(self, root: Path, home: Path, run: Run) -> list[str]:
        file = self.file(root, home)
        run(["systemctl", "--user", "disable", "--now", file.name])
        words = _remove(file)
        run(["systemctl", "--user", "daemon-reload"])
        return words


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
        domain, start = self._domain(), ["launchctl", "bootstrap", self._domain(), os.fspath(file)]
        was_running = run(["launchctl", "bootout", f"{domain}/{file.stem}"])
        run(["launchctl", "enable", f"{domain}/{file.stem}"])  # it may have been disabled by hand
        words = [_RUNS]
        # the old one takes a moment to end, and until then launchd refuses the new one
        if not (run(start) or (was_running and any(_after_a_second(run, start) for _ in range(5)))):
            by_hand = f"  {shlex.join(start)}"
            words = ["launchd did not answer; it starts at the next login, or with:", by_hand]
        return [f"wrote {file}", *words, f"Its log: {log}"]

    def uninstall(self, root: Path, home: Path, run: Run) -> list[str]:
        file = self.file(root, home)
        run(["launchctl", "bootout", f"{self._domain()}/{file.stem}"])
        return _remove(file)

    def _domain(self) -> str:
        return f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui/501"


def _after_a_second(run: Run, command: Sequence[str]) -> bool:
    time.sleep(1)
    return run(command)


# At one user's login alone, as all users' would need an administrator; on battery too, without a time limit.
_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>mdmentor watches {}</Description></RegistrationInfo>
  <Triggers><LogonTrigger><UserId>{}</UserId></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>{}</UserId><LogonType>InteractiveToken</LogonType>\
<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>3</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author"><Exec><Command>{}</Command><Arguments>{}</Arguments></Exec></Actions>
</Task>
"""


class Scheduled:
    """A task of Windows' scheduler, started at login; its log is a file beside its script."""

    def file(self, root: Path, home: Path) -> Path:
        return home / "AppData" / "Local" / "mdmentor" / f"{service_name(root)}.pyw"

    def script(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> str:
        """A program that runs the command without a window; its log starts again after a megabyte."""
        arguments = command[list(command).index("mdmentor") + 1 :]
        folders = [part for part in environment.get("PYTHONPATH", "").split(os.pathsep) if part]
        kept = {name: value for name, value in environment.items() if name != "PYTHONPATH"}
        return (
            "import os, sys\n"
            "if __name__ == '__main__':  # and not in the processes that read notes, which import this file\n"
            f"    log = {os.fspath(log)!a}\n"
            "    is_long = os.path.exists(log) and os.path.getsize(log) > 2**20\n"
            "    sys.stdout = sys.stderr = open(log, 'w' if is_long else 'a', encoding='utf-8', buffering=1)\n"
            f"    os.environ.update({kept!a})\n"
            f"    sys.path[:0] = {folders!a}\n"
            "    from mdmentor.cli import main\n"
            f"    sys.exit(main({list(arguments)!a}))\n"
        )

    def task(self, root: Path, python: str, script: Path, user: str) -> str:
        """The task, in XML."""
        from xml.sax.saxutils import escape

        arguments = subprocess.list2cmdline(["-P", os.fspath(script)])
        return _TASK.format(*map(escape, (os.fspath(root), user, user, python, arguments)))

    def install(
        self, root: Path, command: Sequence[str], environment: Mapping[str, str], home: Path, run: Run
    ) -> list[str]:
        file = self.file(root, home)
        log, task = file.with_suffix(".log"), file.with_suffix(".xml")
        user = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
        _write(file, self.script(command, environment, log).encode())
        _write(task, self.task(root, _without_window(command[0]), file, user).encode("utf-16"))
        if run(["schtasks", "/Create", "/F", "/TN", self._name(file), "/XML", os.fspath(task)]):
            words = [_RUNS if run(["schtasks", "/Run", "/TN", self._name(file)]) else _AT_LOGIN]
        else:
            by_hand = f'  schtasks /Create /F /TN "{self._name(file)}" /XML "{task}"'
            words = ["the scheduler did not answer; add the task with:", by_hand]
        return [f"wrote {file}", *words, f"Its log: {log}"]

    def uninstall(self, root: Path, home: Path, run: Run) -> list[str]:
        file = self.file(root, home)
        run(["schtasks", "/End", "/TN", self._name(file)])
        run(["schtasks", "/Delete", "/F", "/TN", self._name(file)])
        with contextlib.suppress(FileNotFoundError):
            file.with_suffix(".xml").unlink()
        return _remove(file)

    def _name(self, file: Path) -> str:
        return f"mdmentor\\{file.stem}"


def _without_window(python: str) -> str:
    """Windows' Python that opens no console, where it is beside the usual one."""
    windowless = Path(python).with_name("pythonw.exe")
    return os.fspath(windowless) if windowless.exists() else python


def _quoted(text: str, *, is_command: bool = False) -> str:
    """A word as systemd reads it: quoted, its own signs escaped. Only in a command `$` means something."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{text.replace("$", "$$") if is_command else text}"'


def _write(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    except OSError as error:
        what = f'"{file}" could not be written ({error.strerror or error})'
        raise WorldFailed(what, "nothing changed") from error


def _remove(file: Path) -> list[str]:
    with contextlib.suppress(FileNotFoundError):
        file.unlink()
        return [f"removed {file}", "The watcher will not start again."]
    return [f"there is no {file}; nothing to remove"]
