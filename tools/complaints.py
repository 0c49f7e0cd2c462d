"""How a check says what it found."""

import sys


def tell(check: str, complaints: list[str], files: int) -> int:
    """Prints the complaints, or that all is well, and returns the check's exit code."""
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    if complaints:
        return 1
    print(f"{check}: {files} files in order")
    return 0
