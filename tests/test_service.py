"""The watcher as a service: what is written for each system, and that it can be taken back."""

from __future__ import annotations

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mdmentor.watch import service
from mdmentor.watch.service import launchd, scheduled, service_name, set_up, systemd, take_down

COMMAND = ["/opt/python 3/bin/python", "-m", "mdmentor", "watch", "--vault"]
ODD = 'My "notes" 100% $HOME\\new'


class System:
    """Stands for the system's own commands: notes what was asked of them."""

    def __init__(self, *, queries: bool) -> None:
        self.asked: list[str] = []
        self._answers = queries

    def __call__(self, command: Sequence[str]) -> bool:
        self.asked.append(" ".join(command))
        return self._answers


def test_a_systemd_unit_is_written_started_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    root, system = tmp_path / "notes", System(queries=True)
    unit = systemd(root, [*COMMAND, str(root)], {"MDMENTOR_CACHE": "/c"}, tmp_path)
    told = set_up(unit, system)
    file = tmp_path / ".config/systemd/user" / f"{service_name(root)}.service"
    text = file.read_text()
    assert f'ExecStart="/opt/python 3/bin/python" "-m" "mdmentor" "watch" "--vault" "{root}"' in text
    assert 'Environment="MDMENTOR_CACHE=/c"' in text
    assert system.asked == ["systemctl --user daemon-reload", f"systemctl --user enable --now {file.name}"]
    assert told[-1] == f"Its log: journalctl --user -u {file.name} -f"
    told = take_down(unit, system)
    assert not file.exists() and told[0] == f"removed {file}"
    assert take_down(unit, system)[0].startswith("there is no ")


def test_a_launchd_agent_that_ran_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.time, "sleep", lambda seconds: None)
    asked: list[str] = []

    def launchctl(command: Sequence[str]) -> bool:
        asked.append(command[1])
        return command[1] != "bootstrap" or asked.count("bootstrap") == 3

    told = set_up(launchd(tmp_path, COMMAND, {}, tmp_path), launchctl)
    assert asked == ["bootout", "enable", "bootstrap", "bootstrap", "bootstrap"]
    assert "The watcher runs, and will at each login." in told


def test_where_systemd_does_not_answer_it_says_what_to_type(tmp_path: Path) -> None:
    told = set_up(systemd(tmp_path, COMMAND, {}, tmp_path), System(queries=False))
    assert any("systemctl --user enable --now" in line for line in told)


def unit_of(root: Path, command: Sequence[str], environment: dict[str, str]) -> str:
    (text,) = systemd(root, command, environment, root).files.values()
    return text.decode()


def test_odd_signs_in_a_path_mean_nothing_to_systemd(tmp_path: Path) -> None:
    text = unit_of(tmp_path / ODD, [*COMMAND, str(tmp_path / ODD)], {})
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    assert line.endswith('/My \\"notes\\" 100%% $$HOME\\\\new"')
    assert next(line for line in text.splitlines() if line.startswith("Description=")).endswith("$HOME\\new")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_itself_accepts_the_unit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mdmentor", "watch", "--vault", str(tmp_path / ODD)]
    file = tmp_path / "test.service"
    file.write_text(unit_of(tmp_path / ODD, command, {"MDMENTOR_CACHE": str(tmp_path / ODD)}))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(file)], capture_output=True, text=True, check=False
    )
    assert "test.service" not in run.stderr


def test_a_launchd_agent_is_a_property_list_with_its_log(tmp_path: Path) -> None:
    root, system = tmp_path / ODD, System(queries=True)
    service = launchd(root, [*COMMAND, str(root)], {}, tmp_path)
    told = set_up(service, system)
    (file,) = service.files
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == [*COMMAND, str(root)]
    assert agent["Label"] == file.stem and agent["RunAtLoad"]
    assert told[-1] == f"Its log: {agent['StandardOutPath']}"
    take_down(service, system)
    assert not file.exists() and "bootout" in system.asked[-1]


def test_a_windows_task_is_for_this_user_alone_and_never_ends_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USERDOMAIN", "HOME")
    monkeypatch.setenv("USERNAME", "Ada & Co")
    root, system = tmp_path / "100% <notes>", System(queries=True)
    command = ["python.exe", "-m", "mdmentor", "watch", "--vault", str(root)]
    service = scheduled(root, command, {}, tmp_path)
    told = set_up(service, system)
    file, task = service.files
    assert task.read_bytes()[:2] in (b"\xff\xfe", b"\xfe\xff")  # the scheduler wants UTF-16
    tree = ElementTree.fromstring(task.read_bytes())
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    texts = {element.tag.removeprefix(space): element.text for element in tree.iter()}
    assert [user.text for user in tree.iter(f"{space}UserId")] == ["HOME\\Ada & Co"] * 2
    assert texts["ExecutionTimeLimit"] == "PT0S" and texts["StopIfGoingOnBatteries"] == "false"
    assert texts["Command"] == "python.exe" and str(file) in (texts["Arguments"] or "")
    assert texts["Description"] == f"mdmentor watches {root}"
    assert system.asked == [
        f"schtasks /Create /F /TN mdmentor\\{file.stem} /XML {task}",
        f"schtasks /Run /TN mdmentor\\{file.stem}",
    ]
    assert told[-1].startswith("Its log: ")
    take_down(service, system)
    assert not file.exists() and not task.exists()


def test_the_script_of_the_windows_task_runs_the_watcher_and_keeps_its_log(tmp_path: Path) -> None:
    """It is plain Python, so any system can run it: here on a folder that is not there."""
    root = tmp_path / "no 'such' \\folder é"
    command = ["python.exe", "-m", "mdmentor", "watch", "--vault", str(root)]
    package = Path(service.__file__).parent.parent
    environment = {"PYTHONPATH": str(package), "MDMENTOR_CACHE": "c"}
    made = scheduled(root, command, environment, tmp_path)
    file, log = next(iter(made.files)), Path(made.log)
    file.parent.mkdir(parents=True)
    file.write_bytes(made.files[file])
    for _ in range(2):
        run = subprocess.run([sys.executable, "-P", str(file)], capture_output=True, check=False)
        assert (run.returncode, run.stdout, run.stderr) == (3, b"", b"")
    imported = f"import runpy; runpy.run_path({os.fspath(file)!r}, run_name='__mp_main__')"
    subprocess.run([sys.executable, "-c", imported], check=True)  # as a process for reading notes does there
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2 and "no 'such'" in lines[0]


def test_two_vaults_of_one_name_are_two_services() -> None:
    one, two = service_name(Path("/a/notes")), service_name(Path("/b/notes"))
    assert one != two and one.startswith("mdmentor-notes-")
    assert shlex.quote(service_name(Path("/x/Ünïcode \n name"))) == service_name(Path("/x/Ünïcode \n name"))


@pytest.mark.skipif(sys.platform != "linux", reason="writes a unit for systemd")
def test_the_command_installs_and_uninstalls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mdmentor.cli import main

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setattr(service, "_run", System(queries=True))
    (tmp_path / "vault").mkdir()
    assert main(["watch", "--install", "--vault", str(tmp_path / "vault")]) == 0
    (unit,) = (tmp_path / "config/systemd/user").iterdir()
    assert str((tmp_path / "vault").resolve()) in unit.read_text()
    assert "journalctl" in capsys.readouterr().out
    assert main(["watch", "--uninstall", "--vault", str(tmp_path / "vault")]) == 0
    assert not unit.exists()
    assert main(["watch", "--install", "--uninstall", "--vault", str(tmp_path / "vault")]) == 2
