"""`statuspages`, also as `python -m service`."""

from service.cli.app import app
from service.cli.running import reporting


def main() -> None:
    with reporting():
        app()


if __name__ == "__main__":
    main()
