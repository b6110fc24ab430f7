#pragma once
// Every operation of tensor_ops.hpp that has a derivative, on shapes of rank 0 to 5, with sizes of
// 1 and empty axes, for the finite difference to judge. Arguments keep away from where there is no
// slope: from 0 where something is divided or a logarithm taken, from one another where the largest
// is sought.

#include <string>

#include "finite_difference.hpp"

namespace nt {

struct GradientCase {
  std::string op;  ///< "divide"
  std::vector<HostArray> x;
  TensorFunction f;
};

/// All of them, those of an operation in a row; the same for the same seed.
std::vector<GradientCase> gradient_cases(std::uint64_t seed);

/// dL/dx for every argument x, on the chosen backend. L = <dy, f(x)>, dy random from the seed.
std::vector<HostArray> gradients_of(const GradientCase& one, std::uint64_t seed);

}  // namespace nt
