// The same formulas for backends that have no loops of their own: the patches become the rows of a
// matrix, and one product does the rest. With patches that do not overlap every pixel stands in
// that matrix once; where they do overlap, as in most convolutions, this is called im2col and
// repeats pixels.

#include "patch_rows.hpp"

namespace nt::op {
namespace {

/// images: (B, 1, Y, X) -> (B T, P P), each patch row by row
Array as_rows(const Array& images, std::int64_t P) {
  // exercise 9.6: two axes of pixels are four, of patches and pixels in them; then change places
  const std::int64_t B = images.shape()[0];
  const std::int64_t down = images.shape()[2] / P;
  const std::int64_t across = images.shape()[3] / P;
  const Array grid = reshape(images, {B, down, P, across, P});
  return reshape(permute(grid, {0, 1, 3, 2, 4}), {B * down * across, P * P});
  // end exercise
}

/// The way back: (B T, P P) -> images: (B, 1, Y, X)
Array as_images(const Array& rows, std::int64_t P, const Shape& images) {
  const Array grid = reshape(rows, {images[0], images[2] / P, images[3] / P, P, P});
  return reshape(permute(grid, {0, 1, 3, 2, 4}), images);
}

/// weight: (C, 1, P, P) -> (C, P P)
Array as_matrix(const Array& weight) {
  return reshape(weight, {weight.shape()[0], weight.shape()[2] * weight.shape()[3]});
}

/// dy: (B, T, C) -> (B T, C)
Array all_tokens(const Array& dy) {
  return reshape(dy, {dy.shape()[0] * dy.shape()[1], dy.shape()[2]});
}

}  // namespace

Array composed_patch_embedding(const Array& images, const Array& weight, const Array& bias) {
  const Shape& s = images.shape();
  const std::int64_t C = weight.shape()[0];
  const std::int64_t P = weight.shape()[2];
  const Array products = matmul(as_rows(images, P), transpose(as_matrix(weight), 0, 1));
  return reshape(add(products, bias), {s[0], (s[2] / P) * (s[3] / P), C});
}

Array composed_patch_weight_gradient(const Array& images, const Array& dy, std::int64_t P) {
  const Array dweight = matmul(transpose(all_tokens(dy), 0, 1), as_rows(images, P));  // (C, P P)
  return reshape(dweight, {dy.shape()[2], 1, P, P});
}

Array composed_patch_image_gradient(const Array& dy, const Array& weight, const Shape& images) {
  const Array drows = matmul(all_tokens(dy), as_matrix(weight));  // (B T, P P)
  return as_images(drows, weight.shape()[2], images);
}

}  // namespace nt::op
