"""Where `xlbill` and `python -m xlbill` begin: who presses Ctrl-C while it loads is told in words, too."""

import sys

INTERRUPTED = 130


def run() -> None:
    """Load the command line and run it."""
    try:
        from xlbill.cli import main
    except KeyboardInterrupt:  # before anything was asked or written, and before a language is known
        sys.stderr.write("已停止 · stopped\n")
        sys.exit(INTERRUPTED)
    main(prog_name="xlbill")


if __name__ == "__main__":
    run()
