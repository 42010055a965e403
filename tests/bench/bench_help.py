"""``linxuan --help`` against ``python -c "import typer"``: seconds of a whole process, medians of runs in turn.

Aim: ≤ 1.5, so that nothing heavy is loaded to say what can be typed.
"""

import subprocess
import sys
from pathlib import Path

from ground import median, tell, timed

ROUNDS = 15
LINXUAN = Path(sys.executable).with_name("linxuan")


def seconds(*command: str) -> float:
    """How long a command takes."""
    return timed(lambda: subprocess.run(command, check=True, capture_output=True))


if __name__ == "__main__":
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(seconds(str(LINXUAN), "--help"))
        floor.append(seconds(sys.executable, "-c", "import typer"))
    tell("linxuan --help, s: over import typer", median(ours), median(floor), "≤ 1.5")
