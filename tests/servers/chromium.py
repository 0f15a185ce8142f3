"""A Chromium that a test looks at pages with, driven by the DevTools protocol (chromedevtools.github.io)."""

import base64
import json
import shutil
import subprocess
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find_chromium() -> str | None:
    """The program, where this machine has one."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Chromium:
    """One browser with one page, in a profile of its own."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._open = ExitStack()
        self._page: ClientConnection | None = None
        self._count = 0
        self.complaints: list[str] = []
        """What the page's scripts and the content policy complained about."""

    def start(self) -> None:
        program = find_chromium()
        assert program is not None
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run"]
        process = self._open.enter_context(
            subprocess.Popen(
                [program, *options, f"--user-data-dir={self._profile}", "about:blank"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        self._open.callback(process.terminate)
        told = self._profile / "DevToolsActivePort"
        self._until(lambda: told.exists() and "\n" in told.read_text(), 20)
        port = told.read_text().splitlines()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=10) as answer:
            pages = [target for target in json.load(answer) if target["type"] == "page"]
        self._page = self._open.enter_context(connect(pages[0]["webSocketDebuggerUrl"], max_size=None))
        for domain in ("Page", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def stop(self) -> None:
        self._open.close()

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask the browser; raises AssertionError with its words where it refuses."""
        assert self._page is not None
        self._count += 1
        self._page.send(json.dumps({"id": self._count, "method": method, "params": params}))
        while True:
            told = json.loads(self._page.recv(timeout=20))
            if told.get("method") == "Log.entryAdded":
                self.complaints.append(told["params"]["entry"]["text"])
            if told.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(told["params"]["exceptionDetails"]))
            if told.get("id") == self._count:
                assert "error" not in told, told["error"]
                result: dict[str, Any] = told["result"]
                return result

    def looks(self, width: int, height: int, *, dark: bool = False) -> None:
        """The size of the window, and the scheme that the person prefers."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def opens(self, url: str) -> None:
        self.call("Page.navigate", url=url)
        self.sees("document.readyState === 'complete' && location.href !== 'about:blank'")

    def asks(self, script: str) -> Any:
        """What the page's JavaScript expression is worth."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def sees(self, script: str, timeout_s: float = 15.0) -> None:
        """Wait until the expression is true."""
        self._until(lambda: bool(self.asks(script)), timeout_s, script)

    def types(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def presses(self, key: str) -> None:
        codes = {"Enter": 13, "Tab": 9}
        values = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
        if key == "Enter":
            values["text"] = "\r"
        self.call("Input.dispatchKeyEvent", type="keyDown", **values)
        self.call("Input.dispatchKeyEvent", type="keyUp", **values)

    def shoots(self, path: Path) -> None:
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def _until(self, happened: Any, timeout_s: float, what: str = "") -> None:
        deadline = time.monotonic() + timeout_s
        while not happened():
            assert time.monotonic() < deadline, f"waited {timeout_s} s in vain {what}"
            time.sleep(0.05)
