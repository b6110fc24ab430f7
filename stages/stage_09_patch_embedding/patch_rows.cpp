#include "patch_rows.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "gradient_rows.hpp"

namespace nt {
namespace {

void require_images(std::string_view op, const Shape& images) {
  if (images.rank() == 4 && images[1] == 1) return;
  throw ShapeError(
      fmt::format("{}: images should be (B, 1, Y, X): images are {}", op, images.text()));
}

void require_weight(std::string_view op, const Shape& weight) {
  if (weight.rank() == 4 && weight[1] == 1 && weight[2] == weight[3]) return;
  throw ShapeError(
      fmt::format("{}: weight should be (C, 1, P, P): weight is {}", op, weight.text()));
}

/// T, the number of patches of an image.   images: (B, 1, Y, X)
std::int64_t patches_in(std::string_view op, const Shape& images, std::int64_t P) {
  // exercise 9.1: refuse a P that does not divide both Y and X; else patches down times across
  if (P < 1 || images[2] % P != 0 || images[3] % P != 0) {
    throw ShapeError(fmt::format("{}: patches of {} do not divide the images: images are {}", op, P,
                                 images.text()));
  }
  return (images[2] / P) * (images[3] / P);
  // end exercise
}

/// Throws: `should` is the shape that dy ought to have, as a reader writes it.
[[noreturn]] void refuse_tokens(std::string_view op, const std::string& should, const Array& dy,
                                const Shape& images) {
  throw ShapeError(fmt::format("{}: dy should be {}: dy is {}, images are {}", op, should,
                               dy.shape().text(), images.text()));
}

}  // namespace

Shape shape_rule::patch_embedding(std::string_view op, Array& images, Array& weight, Array& bias) {
  const Shape& w = weight.shape();
  require_images(op, images.shape());
  require_weight(op, w);
  if (bias.shape() != Shape{w[0]}) {
    throw ShapeError(fmt::format("{}: bias should be ({}): bias is {}, weight is {}", op, w[0],
                                 bias.shape().text(), w.text()));
  }
  return {images.shape()[0], patches_in(op, images.shape(), w[2]), w[0]};
}

Shape shape_rule::patch_weight_gradient(std::string_view op, Array& images, Array& dy,
                                        std::int64_t& P) {
  const Shape& s = images.shape();
  require_images(op, s);
  const std::int64_t T = patches_in(op, s, P);
  const Shape& tokens = dy.shape();
  if (tokens.rank() != 3 || tokens[0] != s[0] || tokens[1] != T) {
    refuse_tokens(op, fmt::format("({}, {}, C)", s[0], T), dy, s);
  }
  return {tokens[2], 1, P, P};
}

Shape shape_rule::patch_image_gradient(std::string_view op, Array& dy, Array& weight,
                                       Shape& images) {
  const Shape& w = weight.shape();
  require_images(op, images);
  require_weight(op, w);
  const Shape tokens{images[0], patches_in(op, images, w[2]), w[0]};
  if (dy.shape() != tokens) refuse_tokens(op, tokens.text(), dy, images);
  return images;
}

void install_patches() {
  install_gradient_rows();
  op::patch_embedding.install(Backend::naive, naive::patch_embedding);
  op::patch_weight_gradient.install(Backend::naive, naive::patch_weight_gradient);
  op::patch_image_gradient.install(Backend::naive, naive::patch_image_gradient);
}

}  // namespace nt
