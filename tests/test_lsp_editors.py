"""The language server in real editors, and in the words of recorded ones: open, complete, hover, fix, rename."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import VaultOnDisk

pytest_lsp = pytest.importorskip(
    "pytest_lsp", reason="pytest-lsp is not installed (pip install 'mdmentor[dev]')"
)
from lsprotocol import types as t  # noqa: E402

COMMAND = [sys.executable, "-m", "mdmentor", "lsp", "--today", "2026-11-23"]
MARTA = "---\naliases: [Märta]\ncadence: 4 weeks\n---\n# Marta Lindqvist\n\n## Log\n- 2026-09-28 call [[Ask for a raise]]\n"
NOTE = "# José Ruiz\n\nsee [[Märta]]\nand [[ma\n"


@pytest.fixture
def vault(vault: VaultOnDisk) -> VaultOnDisk:
    vault.add("mdmentor.toml", "")
    vault.add("people/Marta Lindqvist.md", MARTA)
    vault.add("people/José Ruiz.md", NOTE)
    vault.add("posts/Ask for a raise.md", "# Ask for a raise\n\n## Words\nSay [[#Words]].\n")
    return vault


def environment(vault: VaultOnDisk) -> dict[str, str]:
    home = vault.root.parent / "home"
    home.mkdir(exist_ok=True)
    return {
        **os.environ,
        "MDMENTOR_CACHE": str(vault.cache),
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "LC_ALL": "C.UTF-8",
    }


def run_editor(command: list[str], vault: VaultOnDisk, out: Path) -> dict[str, Any]:
    """What the editor's script wrote, as JSON."""
    run = subprocess.run(command, env=environment(vault), capture_output=True, text=True, timeout=120)
    assert out.exists(), run.stdout + run.stderr
    return dict(json.loads(out.read_text()))


NEOVIM = r"""
local function wait(what) assert(vim.wait(20000, what, 20), "nothing came") end
vim.cmd("edit " .. vim.fn.fnameescape(ROOT .. "/people/José Ruiz.md"))
local client = (vim.lsp.start or vim.lsp.start_client)({cmd = COMMAND, root_dir = ROOT, name = "mdmentor"})
vim.lsp.buf_attach_client(0, client)
wait(function() return #vim.diagnostic.get(0) > 0 end)
local said = {diagnostics = vim.diagnostic.get(0)}
local function ask(method, params)
  local answers = vim.lsp.buf_request_sync(0, "textDocument/" .. method, params, 20000)
  local answer = answers[client]
  assert(answer and not answer.error, vim.inspect(answers))
  return answer.result
end
local function at(line, column)
  vim.api.nvim_win_set_cursor(0, {line, column})
  return vim.lsp.util.make_position_params(0, "utf-16")
end
said.completion = ask("completion", at(4, 8))
said.hover = ask("hover", at(3, 8))
local params = at(3, 8)
local range = {start = params.position, ["end"] = params.position}
local actions = ask("codeAction", {textDocument = params.textDocument, range = range, context = {diagnostics = {}}})
vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
said.fixed = vim.api.nvim_buf_get_lines(0, 0, -1, false)
vim.cmd("silent write")
vim.cmd("edit " .. vim.fn.fnameescape(ROOT .. "/people/Marta Lindqvist.md"))
vim.lsp.buf_attach_client(0, client)
local rename = at(8, 25)
rename.newName = "More pay"
vim.lsp.util.apply_workspace_edit(ask("rename", rename), "utf-16")
if not vim.lsp.inlay_hint then said.lens = ask("codeLens", {textDocument = rename.textDocument}) end
vim.cmd("silent wall")
local file = io.open(OUT, "w")
file:write(vim.json.encode(said))
file:close()
vim.lsp.stop_client(client)
vim.cmd("qall!")
"""


@pytest.mark.skipif(not shutil.which("nvim"), reason="Neovim is not installed (apt install neovim)")
def test_neovim_completes_shows_fixes_and_renames(vault: VaultOnDisk, tmp_path: Path) -> None:
    out, script = tmp_path / "said.json", tmp_path / "test.lua"
    words = ", ".join(json.dumps(word) for word in COMMAND)
    names = f"local ROOT, OUT, COMMAND = {json.dumps(str(vault.root))}, {json.dumps(str(out))}, {{{words}}}\n"
    script.write_text(names + NEOVIM)
    said = run_editor(["nvim", "--headless", "--clean", "-n", "-S", str(script), "-c", "qall!"], vault, out)
    assert said["diagnostics"][0]["code"] == "alias-link"
    assert said["completion"]["items"][0]["label"] == "Märta"
    assert said["hover"]["contents"]["value"].startswith("no note named")
    assert said["fixed"][2] == "see [[Marta Lindqvist|Märta]]"
    if "lens" in said:  # a Neovim with hints is offered no lenses
        assert said["lens"][0]["command"]["title"] == "last talk 8 weeks ago · due for 4 weeks"
    assert vault.read("people/José Ruiz.md") == NOTE.replace("[[Märta]]", "[[Marta Lindqvist|Märta]]")
    assert "[[More pay]]" in vault.read("people/Marta Lindqvist.md")
    assert vault.read("posts/More pay.md").startswith("# More pay\n")
    assert not (vault.root / "posts/Ask for a raise.md").exists()


EMACS = r"""
(package-initialize)
(require 'eglot)
(require 'json)
(setq eglot-sync-connect 30 eglot-confirm-server-initiated-edits nil create-lockfiles nil make-backup-files nil)
(setq auto-mode-alist '(("\\.md\\'" . text-mode)) project-find-functions (list (lambda (_) (cons 'transient root))))
(defun at (line column) (goto-char (point-min)) (forward-line (1- line)) (forward-char column))
(defun ask (method &optional more)
  (jsonrpc-request (eglot--current-server-or-lose) method (append (eglot--TextDocumentPositionParams) more)))
(find-file (concat root "/people/José Ruiz.md"))
(apply #'eglot (list '(text-mode) (cons 'transient root) 'eglot-lsp-server command "markdown"))
(let (said (tries 0))
  (while (and (< tries 200) (null (flymake-diagnostics)))
    (setq tries (1+ tries)) (flymake-start) (accept-process-output nil 0.1))
  (push (cons 'diagnostics (mapcar #'flymake-diagnostic-text (flymake-diagnostics))) said)
  (at 4 8)
  (let* ((found (eglot-completion-at-point)) (table (nth 2 found)))
    (push (cons 'completion (mapcar #'substring-no-properties (all-completions "" table))) said))
  (at 3 8)
  (push (cons 'hover (plist-get (plist-get (ask :textDocument/hover) :contents) :value)) said)
  (let* ((range (list :start (eglot--pos-to-lsp-position) :end (eglot--pos-to-lsp-position)))
         (found (ask :textDocument/codeAction (list :range range :context '(:diagnostics [])))))
    (eglot--apply-workspace-edit (plist-get (aref found 0) :edit)))
  (save-buffer)
  (push (cons 'fixed (buffer-string)) said)
  (find-file (concat root "/posts/Ask for a raise.md"))
  (at 3 4)
  (eglot-rename "Phrases")
  (save-buffer)
  (push (cons 'renamed (buffer-string)) said)
  (push (cons 'refused (condition-case problem (progn (at 1 4) (eglot-rename "More pay") "no")
                         (error (error-message-string problem)))) said)
  (with-temp-file out (insert (json-encode said))))
(eglot-shutdown (eglot-current-server))
"""


@pytest.mark.skipif(
    not shutil.which("emacs"), reason="Emacs is not installed (apt install emacs-nox elpa-eglot)"
)
def test_eglot_completes_shows_fixes_and_renames(vault: VaultOnDisk, tmp_path: Path) -> None:
    is_known = "(progn (package-initialize) (require 'eglot) (kill-emacs (- emacs-major-version 28)))"
    if subprocess.run(["emacs", "--batch", "--eval", is_known], env=environment(vault)).returncode:
        pytest.skip("no Emacs 28 with eglot (apt install elpa-eglot); others name its internals differently")
    out, script = tmp_path / "said.json", tmp_path / "test.el"
    words = " ".join(json.dumps(word) for word in COMMAND)
    names = f"(setq root {json.dumps(str(vault.root))} out {json.dumps(str(out))} command '({words}))\n"
    script.write_text(names + EMACS)
    said = run_editor(["emacs", "--batch", "-l", str(script)], vault, out)
    assert any("names an alias" in text for text in said["diagnostics"])
    assert {"Märta", "Marta Lindqvist"} <= set(said["completion"])
    assert "no note named" in said["hover"]
    assert (
        said["fixed"]
        == NOTE.replace("[[Märta]]", "[[Marta Lindqvist|Märta]]")
        == vault.read("people/José Ruiz.md")
    )
    assert said["renamed"] == "# Ask for a raise\n\n## Phrases\nSay [[#Phrases]].\n"
    assert "mdmentor rename" in said["refused"]


RECORDED = ["neovim@0.6.1", "neovim@0.7.0", "neovim@0.11.0", "emacs@29.1", "visual-studio-code@1.65.2"]


@pytest.mark.parametrize("editor", RECORDED)
def test_a_recorded_client_gets_nothing_that_it_does_not_know(vault: VaultOnDisk, editor: str) -> None:
    """pytest-lsp warns of an answer that the client did not ask for in its capabilities."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", pytest_lsp.LspSpecificationWarning)
        asyncio.run(_converse(vault, editor))


async def _converse(vault: VaultOnDisk, editor: str) -> None:
    client = pytest_lsp.make_test_lsp_client()
    await client.start_io(*COMMAND, env=environment(vault))
    capabilities = pytest_lsp.client_capabilities(editor)
    root = vault.root.as_uri()
    await client.initialize_session(t.InitializeParams(capabilities=capabilities, root_uri=root))
    uri = (vault.root / "people/José Ruiz.md").as_uri()
    client.text_document_did_open(
        t.DidOpenTextDocumentParams(t.TextDocumentItem(uri, "markdown", 1, f"{NOTE}\n## Part\n[[#Part]]\n"))
    )
    await client.wait_for_notification(t.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    document = t.TextDocumentIdentifier(uri)
    assert client.diagnostics[uri][0].code == "alias-link"
    found = await client.text_document_completion_async(t.CompletionParams(document, t.Position(3, 8)))
    assert found.items[0].label == "Märta"
    assert await client.text_document_hover_async(t.HoverParams(document, t.Position(2, 8)))
    assert await client.text_document_document_symbol_async(t.DocumentSymbolParams(document))
    place = t.Range(t.Position(2, 8), t.Position(2, 8))
    actions = await client.text_document_code_action_async(
        t.CodeActionParams(document, place, t.CodeActionContext([]))
    )
    assert all(isinstance(action, t.Command) or action.edit for action in actions)
    heading = t.RenameParams(document, t.Position(5, 4), "Whole")
    assert await client.text_document_rename_async(heading)
    await client.shutdown_session()
    await client.stop()
