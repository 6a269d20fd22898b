"""scipy.special, loaded when a function of it is first called: it costs a third of a second."""

from typing import Any


class _Special:
    """Stands in for the module."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        from scipy import special

        return getattr(special, name)


special = _Special()
