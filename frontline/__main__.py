"""``python -m frontline`` is the command ``frontline``."""

from frontline.cli import main

if __name__ == "__main__":
    main()
