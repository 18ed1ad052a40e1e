"""Benchmarks: each prints a ratio against something measured in the same run, since machines differ and drift."""
