#pragma once
// Stage 16's table goes on here: cases and errors of the fused rows, and sizes that only a backend
// with tiles, blocks and threads has reason to fear.

#include "error_cases.hpp"
#include "op_cases.hpp"

namespace nt {

/// A case or more for every fused row. The same for the same seed.
std::vector<OpCase> fused_cases(std::uint64_t seed);

/// Sizes around the edges of tiles, blocks and parts for threads, on rows and layers of all stages.
std::vector<OpCase> large_cases(std::uint64_t seed);

/// An error or more for every fused row but gelu, which takes every array.
std::vector<ErrorCase> fused_error_cases();

}  // namespace nt
