"""What a measurement was made on and with: the machine, and versions."""

import os
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from worlds import DAEDA, ROOT

PACKAGES = {"DuckDB": "duckdb", "Polars": "polars", "PySpark": "pyspark", "PyArrow": "pyarrow"}


def machine() -> str:
    """Processor, cores, memory and system; nothing that names one machine."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text())[1])
    system = re.search(r'PRETTY_NAME="(.*)"', Path("/etc/os-release").read_text())
    return f"{model[1] if model else os.uname().machine}, {os.cpu_count()} cores, {memory / 2**20:.0f} GiB, {system[1]}"


def versions() -> list[str]:
    """The program first, then the peers."""
    commit = said_by("git", "-C", str(ROOT), "describe", "--always", "--dirty")
    peers = [f"{name} {version(package)}" for name, package in PACKAGES.items()]
    java = re.search(r'version "(.*?)"', said_by("java", "-version")) if shutil.which("java") else None
    program = said_by(DAEDA, "--version") + (f", commit {commit}" if commit else "")
    return [program, *peers, *([f"OpenJDK {java[1]}"] if java else [])]


def said_by(*command: str) -> str:
    """The first line that a command prints, or nothing when it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = (done.stdout or done.stderr).splitlines()
    return lines[0] if done.returncode == 0 and lines else ""
