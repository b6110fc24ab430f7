#pragma once
// Two curves in the terminal: how a number changes from step to step here and in the reference.

#include <string>
#include <vector>

namespace nt {

struct Curve {
  std::string name;
  std::vector<float> values;  ///< one a step; at least one
};

/// Both curves in one frame of `width` x `height` characters, steps from left to right; a column
/// shows the mean of its steps, and nothing where that is NaN or infinite. `o` is ours, `+` the
/// reference, `*` both.
std::string draw(const Curve& ours, const Curve& reference, int width = 72, int height = 14);

}  // namespace nt
