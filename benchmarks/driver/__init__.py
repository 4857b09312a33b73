"""What benchmarks/files.py is made of. Python's standard library only."""
