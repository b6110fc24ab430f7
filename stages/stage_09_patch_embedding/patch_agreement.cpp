#include "patch_agreement.hpp"

#include <algorithm>
#include <array>

#include "check/compare.hpp"

namespace nt {

HostArray eighths(const Shape& shape, Random& random) {
  HostArray result = filled(shape);
  for (float& value : result.values) value = static_cast<float>(random.below(33)) / 8 - 2;
  return result;
}

bool loops_equal_views(const PatchSizes& sizes, Backend backend, Random& random) {
  const auto& [B, down, across, P, C] = sizes;
  const Shape s{B, 1, down * P, across * P};
  const HostArray x = eighths(s, random);
  const HostArray w = eighths({C, 1, P, P}, random);
  const HostArray b = eighths({C}, random);
  const HostArray dy = eighths({B, down * across, C}, random);

  set_backend(Backend::naive);
  const std::array loops{
      op::patch_embedding(op::array(x), op::array(w), op::array(b)).host(),
      op::patch_weight_gradient(op::array(x), op::array(dy), P).host(),
      op::patch_image_gradient(op::array(dy), op::array(w), s).host(),
  };
  set_backend(backend);
  const std::array views{
      op::composed_patch_embedding(op::array(x), op::array(w), op::array(b)).host(),
      op::composed_patch_weight_gradient(op::array(x), op::array(dy), P).host(),
      op::composed_patch_image_gradient(op::array(dy), op::array(w), s).host(),
  };
  return std::equal(loops.begin(), loops.end(), views.begin(),
                    [](const auto& one, const auto& other) {
                      return largest_difference(one, other) == 0;  // false for NaN, too
                    });
}

}  // namespace nt
