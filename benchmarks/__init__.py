"""How fast tailsim is beside its peers, measured in one run: ``python -m benchmarks``."""
