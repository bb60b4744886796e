"""A folder of cards carried to a server and back by vdirsyncer and radicale, on this machine alone."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import VaultOnDisk, program


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The address of a radicale that keeps what it gets below `tmp_path`."""
    radicale = program("radicale")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(radicale, "--config", "", "--hosts", f"127.0.0.1:{port}", "--auth-type", "none"),
        *("--storage-filesystem-folder", str(tmp_path / "radicale")),
    ]
    with (tmp_path / "radicale.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until = time.monotonic() + 30
            while time.monotonic() < until and process.poll() is None:
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            else:
                pytest.fail((tmp_path / "radicale.log").read_text())
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(30)


def test_cards_come_back_from_a_server_as_they_left(vault: VaultOnDisk, server: str, tmp_path: Path) -> None:
    vdirsyncer = program("vdirsyncer")
    vault.add(
        "people/Ada Lovelace.md", "---\nemail: ada@example.org\nbirthday: 1815-12-10\ncadence: 6w\n---\n"
    )
    vault.add("people/Žofie 王.md", "---\nphone: '+420 1'\ncompany: 'a; b, c'\nbirthday: 02-29\n---\n")
    here, there = tmp_path / "here", tmp_path / "there"
    assert vault.run("export", "vcard", "--to", str(here / "people")).code == 0
    there.mkdir()
    config = tmp_path / "vdirsyncer.conf"
    storages = "".join(
        f'[storage {name}]\ntype = "filesystem"\npath = "{folder}"\nfileext = ".vcf"\n'
        for name, folder in (("here", here), ("there", there))
    )
    config.write_text(
        f'[general]\nstatus_path = "{tmp_path / "status"}"\n{storages}'
        f'[storage server]\ntype = "carddav"\nurl = "{server}"\nusername = "me"\npassword = "none"\n'
        '[pair up]\na = "here"\nb = "server"\ncollections = ["people"]\n'
        '[pair down]\na = "server"\nb = "there"\ncollections = ["people"]\n'
    )

    def sync(*words: str) -> None:
        command = [vdirsyncer, "-c", str(config), *words]
        environment = {**os.environ, "HOME": str(tmp_path), "no_proxy": "*"}
        done = subprocess.run(
            command, input="y\n" * 9, capture_output=True, text=True, env=environment, timeout=120
        )
        assert done.returncode == 0, done.stdout + done.stderr

    sync("discover", "up")
    sync("sync", "up")
    sync("discover", "down")
    sync("sync", "down")
    assert len(list((there / "people").glob("*.vcf"))) == 2
    other = VaultOnDisk(tmp_path / "other", tmp_path / "cache")
    other.add("mdmentor.toml", "")
    assert other.run("import", str(there / "people"), "--yes").code == 0
    again = tmp_path / "again"
    assert other.run("export", "vcard", "--to", str(again)).code == 0
    first = {file.name: file.read_bytes() for file in (here / "people").glob("*.vcf")}
    assert {file.name: file.read_bytes() for file in again.glob("*.vcf")} == first
