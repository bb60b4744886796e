"""The watcher as a service: a systemd user unit, a launchd agent, or a Windows scheduled task.

Writes one file in the user's own folders and asks the system to start it; this needs no rights beyond the user's.
Where the system's command does not answer, the lines say what to type instead.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from mdmentor.errors import failing

Command = Sequence[str]
Run = Callable[[Command], bool]  # runs a system command; False where it is missing or fails


class Service(NamedTuple):
    """The watcher of one vault as a service: what is written for its system, and what that system is asked."""

    files: Mapping[Path, bytes]  # the one that the user hears of comes first
    log: str  # where its log is
    silence: str  # what to say above the commands to type where the system does not answer
    start: Sequence[Command]  # now and at each login
    stop: Sequence[Command]
    start_now: Sequence[Command] = ()  # besides, where `start` is for the next login
    clear: Sequence[Command] = ()  # before `start`; the first ends one that runs
    forget: Sequence[Command] = ()  # once the files are gone


def install(root: Path, *, polls: bool = False) -> list[str]:
    """Starts the watcher of this vault now and at each login; what was done, in lines."""
    return set_up(_service_of(root, polls=polls), _run)


def uninstall(root: Path) -> list[str]:
    """Stops it and removes the file; what was done, in lines."""
    return take_down(_service_of(root), _run)


def _service_of(root: Path, *, polls: bool = False) -> Service:
    # -P: no module is taken from the folder in which it happens to start
    command = [sys.executable, "-P", "-m", "mdmentor", "watch", "--vault", os.fspath(root)]
    command += ["--poll"] * polls
    environment = {}
    if cache := os.environ.get("MDMENTOR_CACHE"):
        environment["MDMENTOR_CACHE"] = os.fspath(Path(cache).expanduser().absolute())
    if folders := os.environ.get("PYTHONPATH"):
        environment["PYTHONPATH"] = folders
    system = {"darwin": launchd, "win32": scheduled}.get(sys.platform, systemd)
    return system(root, command, environment, Path.home())


def _run(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def set_up(service: Service, run: Run) -> list[str]:
    """Writes the files and starts the service; what was done, in lines."""
    for file, data in service.files.items():
        with failing(f'"{file}" could not be written', "nothing changed"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
    was_running = any([run(command) for command in service.clear][:1])
    is_started = all(map(run, service.start))
    for _ in range(5 * was_running):
        if not is_started:
            time.sleep(1)  # the old one takes a moment to end, and until then launchd refuses the new one
            is_started = all(map(run, service.start))
    if is_started:
        is_running = all(map(run, service.start_now))
        words = [f"The watcher {'runs, and will' if is_running else 'will run'} at each login."]
    else:
        words = [service.silence, f"  {' && '.join(map(shlex.join, service.start))}"]
    return [f"wrote {next(iter(service.files))}", *words, f"Its log: {service.log}"]


def take_down(service: Service, run: Run) -> list[str]:
    """Stops the service and removes its files; what was done, in lines."""
    for command in service.stop:
        run(command)
    main = next(iter(service.files))
    was_there = main.exists()
    for file in service.files:
        file.unlink(missing_ok=True)
    for command in service.forget:
        run(command)
    if not was_there:
        return [f"there is no {main}; nothing to remove"]
    return [f"removed {main}", "The watcher will not start again."]


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


def systemd(root: Path, command: Command, environment: Mapping[str, str], home: Path) -> Service:
    """A unit of the user's own systemd, restarted only after a failure; its log is in the journal."""
    base = os.environ.get("XDG_CONFIG_HOME")
    folder = Path(base) if base and Path(base).is_absolute() else home / ".config"
    file = folder / "systemd" / "user" / f"{service_name(root)}.service"
    settings = (f"Environment={_quoted(f'{name}={value}')}\n" for name, value in environment.items())
    unit = _UNIT.format(
        description=" ".join(os.fspath(root).split()).replace("%", "%%"),
        start=" ".join(_quoted(part, is_command=True) for part in command),
        settings="".join(settings),
    )
    reload = ["systemctl", "--user", "daemon-reload"]
    return Service(
        files={file: unit.encode()},
        log=f"journalctl --user -u {file.name} -f",
        silence="systemd did not answer here; where it runs, start the watcher with:",
        start=[reload, ["systemctl", "--user", "enable", "--now", file.name]],
        stop=[["systemctl", "--user", "disable", "--now", file.name]],
        forget=[reload],
    )


def launchd(root: Path, command: Command, environment: Mapping[str, str], home: Path) -> Service:
    """An agent of macOS; its log is a file."""
    import plistlib

    file = home / "Library" / "LaunchAgents" / f"org.{service_name(root)}.plist"
    log = os.fspath(home / "Library" / "Logs" / f"{service_name(root)}.log")
    agent = {
        "Label": file.stem,
        "ProgramArguments": list(command),
        "EnvironmentVariables": dict(environment),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ProcessType": "Background",
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
    domain = f"gui/{os.getuid()}" if hasattr(os, "getuid") else "gui/501"
    stop = ["launchctl", "bootout", f"{domain}/{file.stem}"]
    return Service(
        files={file: plistlib.dumps(agent)},
        log=log,
        silence="launchd did not answer; it starts at the next login, or with:",
        start=[["launchctl", "bootstrap", domain, os.fspath(file)]],
        stop=[stop],
        clear=[stop, ["launchctl", "enable", f"{domain}/{file.stem}"]],  # it may have been disabled by hand
    )


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


def scheduled(root: Path, command: Command, environment: Mapping[str, str], home: Path) -> Service:
    """A task of Windows' scheduler, started at login; its log is a file beside its script."""
    from xml.sax.saxutils import escape

    file = home / "AppData" / "Local" / "mdmentor" / f"{service_name(root)}.pyw"
    log, task = file.with_suffix(".log"), file.with_suffix(".xml")
    user = "\\".join(filter(None, (os.environ.get("USERDOMAIN"), os.environ.get("USERNAME"))))
    arguments = subprocess.list2cmdline(["-P", os.fspath(file)])
    parts = os.fspath(root), user, user, _without_window(command[0]), arguments
    name = f"mdmentor\\{file.stem}"
    return Service(
        files={
            file: _script(command, environment, log).encode(),
            task: _TASK.format(*map(escape, parts)).encode("utf-16"),
        },
        log=os.fspath(log),
        silence="the scheduler did not answer; add the task with:",
        start=[["schtasks", "/Create", "/F", "/TN", name, "/XML", os.fspath(task)]],
        stop=[["schtasks", "/End", "/TN", name], ["schtasks", "/Delete", "/F", "/TN", name]],
        start_now=[["schtasks", "/Run", "/TN", name]],
    )


def _script(command: Command, environment: Mapping[str, str], log: Path) -> str:
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


def _without_window(python: str) -> str:
    """Windows' Python that opens no console, where it is beside the usual one."""
    windowless = Path(python).with_name("pythonw.exe")
    return os.fspath(windowless) if windowless.exists() else python


def _quoted(text: str, *, is_command: bool = False) -> str:
    """A word as systemd reads it: quoted, its own signs escaped. Only in a command `$` means something."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    text = text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return f'"{text.replace("$", "$$") if is_command else text}"'
