"""`python -m xlbill`, where no `xlbill` is on the path."""

from xlbill.cli import main

main(prog_name="xlbill")
