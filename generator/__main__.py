"""`python -m generator` is the same as `airplan`."""

from generator.cli import main

if __name__ == "__main__":
    main()
