#include "encoder.hpp"

namespace nt {

EncoderBlock::EncoderBlock(std::int64_t C, int heads, std::int64_t mlp, Random& random)
    : self_attn(own("self_attn", MultiHeadAttention(C, heads, random))),
      linear1(own("linear1", Linear(C, mlp, random))),
      linear2(own("linear2", Linear(mlp, C, random))),
      norm1(own("norm1", LayerNorm(C))),
      norm2(own("norm2", LayerNorm(C))) {}

Tensor EncoderBlock::operator()(const Tensor& x, const Watch& watch, Dropout* dropout) const {
  const auto seen = [&](const char* layer, const Tensor& activation) {
    if (watch) watch(layer, activation);
    return activation;
  };
  const auto dropped = [&](const Tensor& y) { return dropout ? (*dropout)(y) : y; };
  // exercise 8.5: normalise, attend, add; normalise, linear1, gelu, linear2, add
  const Tensor heard = seen("attention", self_attn(seen("norm1", norm1(x))));
  const Tensor r = seen("residual1", x + dropped(heard));
  const Tensor inner = seen("linear1", linear1(seen("norm2", norm2(r))));
  const Tensor outer = seen("linear2", linear2(dropped(seen("gelu", gelu(inner)))));
  return seen("residual2", r + dropped(outer));
  // end exercise
}

}  // namespace nt
