#pragma once
// Products of stacks of matrices.

#include "storage.hpp"

namespace nt::naive {

/// c = a b, matrix by matrix; the axes before the last two broadcast.
///   a: (..., M, K), b: (..., K, N) -> (..., M, N)
Storage batched_matmul(const Storage& a, const Storage& b);

}  // namespace nt::naive
