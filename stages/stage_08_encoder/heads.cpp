#include "heads.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {
namespace {

/// C, once it is known that the heads divide it.
std::int64_t divisible(const char* op, std::int64_t C, int heads) {
  if (heads >= 1 && C % heads == 0) return C;
  throw Error(fmt::format("{}: {} heads do not divide {} numbers", op, heads, C));
}

void require_rank(const char* op, const Shape& x, int rank, const char* expected) {
  if (x.rank() == rank) return;
  throw ShapeError(fmt::format("{}: x should be {}, found {}", op, expected, x.text()));
}

}  // namespace

Tensor split_heads(const Tensor& x, int heads) {
  require_rank("split_heads", x.shape(), 3, "(B, T, C)");
  const std::int64_t D = divisible("split_heads", x.shape()[2], heads) / heads;
  // exercise 8.1: C numbers as H times D, and the heads before the tokens
  const std::int64_t B = x.shape()[0];
  const std::int64_t T = x.shape()[1];
  const Tensor apart = reshape(x, {B, T, heads, D});
  return permute(apart, {0, 2, 1, 3});
  // end exercise
}

Tensor join_heads(const Tensor& x) {
  require_rank("join_heads", x.shape(), 4, "(B, H, T, D)");
  // exercise 8.2: the tokens before the heads, and H times D as C numbers
  const Shape& s = x.shape();
  const Tensor side_by_side = permute(x, {0, 2, 1, 3});
  return reshape(side_by_side, {s[0], s[2], s[1] * s[3]});
  // end exercise
}

MultiHeadAttention::MultiHeadAttention(std::int64_t C, int H, Random& random)
    : SelfAttention(divisible("attention", C, H), random), heads(H) {}

Tensor MultiHeadAttention::operator()(const Tensor& x, const Mask& mask) const {
  const std::int64_t C = out_proj.bias.shape()[0];
  if (x.shape().rank() != 3 || x.shape()[2] != C) {
    throw ShapeError(
        fmt::format("attention: x should be (B, T, {}), found {}", C, x.shape().text()));
  }
  // exercise 8.3: as with one head, but q, k and v are split before, and what is heard is joined
  // after
  const auto [q, k, v] = split_qkv(linear(x, in_proj_weight, in_proj_bias));
  const Tensor context =
      attend(split_heads(q, heads), split_heads(k, heads), split_heads(v, heads), mask);
  return out_proj(join_heads(context));
  // end exercise
}

}  // namespace nt
