#include "patch_embedding.hpp"

namespace nt {

Tensor patch_embedding(const Tensor& images, const Tensor& weight, const Tensor& bias) {
  const Array& x = images.data();
  const Array& w = weight.data();
  // exercise 9.5: y, with a derivative for each of the three; the bias was broadcast
  const Array y = op::patch_embedding(x, w, bias.data());
  const auto to_images = [w, s = x.shape()](const Array& dy) {
    return op::patch_image_gradient(dy, w, s);
  };
  const auto to_weight = [x, P = w.shape()[2]](const Array& dy) {
    return op::patch_weight_gradient(x, dy, P);
  };
  const auto to_bias = [](const Array& dy) { return dy; };  // the tape sums over b and t
  return record("patch_embedding", y, {{images, to_images}, {weight, to_weight}, {bias, to_bias}});
  // end exercise
}

PatchEmbedding::PatchEmbedding(std::int64_t P, std::int64_t C, Random& random)
    : weight(own("weight", uniform({C, 1, P, P}, 1 / static_cast<float>(P), random))),
      bias(own("bias", uniform({C}, 1 / static_cast<float>(P), random))) {}

}  // namespace nt
