"""`python -m tools.manual` brings the generated parts of the manual up to date."""

from tools.manual import write

if __name__ == "__main__":
    write()
