"""The exceptions tailsim raises: each message is one sentence that says what to do instead."""


class TailsimError(Exception):
    """Base of every error tailsim raises on purpose."""


class ArgumentError(TailsimError, ValueError):
    """An argument breaks a stated rule."""


class ArgumentTypeError(ArgumentError, TypeError):
    """An argument is of the wrong type."""


class DataError(ArgumentError):
    """A table of outcomes cannot be read; the message gives file:line:column."""


class UndefinedMomentError(TailsimError, ArithmeticError):
    """A moment or a share does not exist for this law or these data."""


class PayoffError(TailsimError, ArithmeticError):
    """Payoffs, or their total, are not numbers."""


class NotKeptError(TailsimError, LookupError):
    """Per-trial columns were not kept in a run of this size."""


class MemoryBudgetError(TailsimError, MemoryError):
    """A request would need more memory than stated; nothing was allocated."""


class CorruptFileError(TailsimError, ValueError):
    """A saved file is damaged, cut short, of another kind, or says what cannot be."""


class ScenarioError(ArgumentError):
    """A scenario file has problems: the message lists them all, a line each, and so does ``problems``."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


class WorkerError(TailsimError, RuntimeError):
    """Some blocks could not be computed because their workers died, again and again."""


class CheckpointError(ArgumentError):
    """A checkpoint holds another run than the one that was asked for."""


class WorkerWarning(UserWarning):
    """A worker died and others went on."""


class CheckpointWarning(UserWarning):
    """A checkpoint could not be written or read, and what was done instead."""
