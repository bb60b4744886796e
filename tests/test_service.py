"""The watcher as a service: what is written for each system, and that it can be taken back."""

from __future__ import annotations

import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from mdmentor import service
from mdmentor.service import Launchd, Scheduled, Systemd, service_name

COMMAND = ["/opt/python 3/bin/python", "-m", "mdmentor", "watch", "--vault"]
ODD = 'My "notes" 100% $HOME\\new'


class System:
    """Stands for the system's own commands: notes what was asked of them."""

    def __init__(self, *, answers: bool) -> None:
        self.asked: list[str] = []
        self._answers = answers

    def __call__(self, command: Sequence[str]) -> bool:
        self.asked.append(" ".join(command))
        return self._answers


def test_a_systemd_unit_is_written_started_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    root, system = tmp_path / "notes", System(answers=True)
    told = Systemd().install(root, [*COMMAND, str(root)], {"MDMENTOR_CACHE": "/c"}, tmp_path, system)
    file = tmp_path / ".config/systemd/user" / f"{service_name(root)}.service"
    text = file.read_text()
    assert f'ExecStart="/opt/python 3/bin/python" "-m" "mdmentor" "watch" "--vault" "{root}"' in text
    assert 'Environment="MDMENTOR_CACHE=/c"' in text
    assert system.asked == ["systemctl --user daemon-reload", f"systemctl --user enable --now {file.name}"]
    assert told[-1] == f"Its log: journalctl --user -u {file.name} -f"
    told = Systemd().uninstall(root, tmp_path, system)
    assert not file.exists() and told[0] == f"removed {file}"
    assert Systemd().uninstall(root, tmp_path, system)[0].startswith("there is no ")


def test_where_systemd_does_not_answer_it_says_what_to_type(tmp_path: Path) -> None:
    told = Systemd().install(tmp_path, COMMAND, {}, tmp_path, System(answers=False))
    assert any("systemctl --user enable --now" in line for line in told)


def test_odd_signs_in_a_path_mean_nothing_to_systemd(tmp_path: Path) -> None:
    text = Systemd().text(tmp_path / ODD, [*COMMAND, str(tmp_path / ODD)], {})
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    assert line.endswith('/My \\"notes\\" 100%% $$HOME\\\\new"')
    assert next(line for line in text.splitlines() if line.startswith("Description=")).endswith("$HOME\\new")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_itself_accepts_the_unit(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mdmentor", "watch", "--vault", str(tmp_path / ODD)]
    file = tmp_path / "test.service"
    file.write_text(Systemd().text(tmp_path / ODD, command, {"MDMENTOR_CACHE": str(tmp_path / ODD)}))
    run = subprocess.run(
        ["systemd-analyze", "verify", "--user", str(file)], capture_output=True, text=True, check=False
    )
    assert "test.service" not in run.stderr


def test_a_launchd_agent_is_a_property_list_with_its_log(tmp_path: Path) -> None:
    root, system = tmp_path / ODD, System(answers=True)
    told = Launchd().install(root, [*COMMAND, str(root)], {}, tmp_path, system)
    file = Launchd().file(root, tmp_path)
    agent = plistlib.loads(file.read_bytes())
    assert agent["ProgramArguments"] == [*COMMAND, str(root)]
    assert agent["Label"] == file.stem and agent["RunAtLoad"]
    assert told[-1] == f"Its log: {agent['StandardOutPath']}"
    Launchd().uninstall(root, tmp_path, system)
    assert not file.exists() and "bootout" in system.asked[-1]


def test_a_windows_task_runs_a_script_that_keeps_a_log(tmp_path: Path) -> None:
    root, system = Path("C:/Users/Ada/100% notes"), System(answers=True)
    told = Scheduled().install(root, ["python.exe", "--vault", str(root)], {}, tmp_path, system)
    file = Scheduled().file(root, tmp_path)
    script = file.read_bytes().decode()
    assert 'python.exe --vault "C:/Users/Ada/100%% notes" >> "' in script and script.endswith("2>&1\r\n")
    assert "/SC ONLOGON" in system.asked[0]
    assert told[-1].startswith("Its log: ")
    Scheduled().uninstall(root, tmp_path, system)
    assert not file.exists()


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
    monkeypatch.setattr(service, "_run", System(answers=True))
    (tmp_path / "vault").mkdir()
    assert main(["watch", "--install", "--vault", str(tmp_path / "vault")]) == 0
    (unit,) = (tmp_path / "config/systemd/user").iterdir()
    assert str((tmp_path / "vault").resolve()) in unit.read_text()
    assert "journalctl" in capsys.readouterr().out
    assert main(["watch", "--uninstall", "--vault", str(tmp_path / "vault")]) == 0
    assert not unit.exists()
    assert main(["watch", "--install", "--uninstall", "--vault", str(tmp_path / "vault")]) == 2
