#pragma once
// The table of cases: every operation, the rows of the op table and the layers composed of them,
// with arguments of all ranks, of sizes that fill no vector register evenly (1, 7, 8, 9, 33), with
// axes of size 1 and with nothing in them. What is asked of a case stands in judge.hpp.

#include <string>
#include <vector>

#include "gradient_cases.hpp"

namespace nt {

/// f is called with Tensors of the arrays x; `op` is the row's or the layer's name.
struct OpCase : GradientCase {
  bool has_slope = true;  ///< false where f is constant but for jumps, or records no derivative
};

/// Those of gradient_cases(), then those that it has no reason to know: operations without a
/// derivative, patches, layers, the loss. The same for the same seed.
std::vector<OpCase> op_cases(std::uint64_t seed);

/// "matmul of (2, 3), (3, 4)"
std::string text(const OpCase& one);

}  // namespace nt
