"""./learn bench: how fast the course's backends are, beside PyTorch and OpenBLAS."""
