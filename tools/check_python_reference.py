#!/usr/bin/env python3
"""Checks that docs/python.md is what the docstrings of the Python package say."""

import sys

import python_reference

if __name__ == "__main__":
    sys.argv[1:] = ["--check"]
    sys.exit(python_reference.main())
