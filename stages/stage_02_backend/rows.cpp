#include "rows.hpp"

namespace nt::op {

Array mean_of_sum(const Array& x, const Axes& axes, bool keepdim) {
  // exercise 2.5: count the elements that are summed, and divide the sum by an array of that number
  std::int64_t count = 1;
  for (const int axis : axes) count *= x.shape()[axis];
  return divide(sum(x, axes, keepdim), array({Shape{}, {static_cast<float>(count)}}));
  // end exercise
}

}  // namespace nt::op
