#include "attention.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/errors.hpp"

namespace nt {
namespace {

void weights_rule(const Tensor& q, const Tensor& k, const Mask& mask) {
  const int rank = q.shape().rank();
  if (rank < 2) {
    throw ShapeError(
        fmt::format("attention: tokens lie along an axis of their own: q is {}", q.shape().text()));
  }
  if (k.shape() != q.shape()) {
    throw ShapeError(fmt::format("attention: shapes differ: q is {}, k is {}", q.shape().text(),
                                 k.shape().text()));
  }
  const Shape square{q.shape()[rank - 2], q.shape()[rank - 2]};
  if (mask && mask.shape() != square) {
    throw ShapeError(fmt::format("attention: the mask should be {}, found {}", square.text(),
                                 mask.shape().text()));
  }
}

void attend_rule(const Tensor& q, const Tensor& k, const Tensor& v, const Mask& mask) {
  weights_rule(q, k, mask);
  if (v.shape() != q.shape()) {
    throw ShapeError(fmt::format("attention: shapes differ: q is {}, v is {}", q.shape().text(),
                                 v.shape().text()));
  }
}

Tensor composed_attend(const Tensor& q, const Tensor& k, const Tensor& v, const Mask& mask) {
  return matmul(attention_weights(q, k, mask), v);
}

void split_rule(const Tensor& qkv) {
  const int rank = qkv.shape().rank();
  if (rank > 0 && qkv.shape()[rank - 1] % 3 == 0) return;
  throw ShapeError(fmt::format("attention: a query, a key and a value are equally long: qkv is {}",
                               qkv.shape().text()));
}

/// The bound of Glorot and Bengio (2010), "Understanding the difficulty of training deep
/// feedforward neural networks", for C numbers in and 3C out: sqrt(6 / (C + 3C)).
float glorot_bound(std::int64_t C) { return std::sqrt(6 / static_cast<float>(4 * C)); }

}  // namespace

Fused<Tensor(const Tensor&, const Tensor&, const Tensor&, const Mask&)> attend(attend_rule,
                                                                               composed_attend);

Mask causal_mask(std::int64_t T) {
  HostArray mask = filled({T, T});
  // exercise 7.1: 1 where the key comes after the query
  for (std::int64_t query = 0; query < T; ++query) {
    for (std::int64_t key = query + 1; key < T; ++key) {
      mask.values[static_cast<std::size_t>(query * T + key)] = 1;
    }
  }
  return op::array(mask);
  // end exercise
}

Tensor attention_weights(const Tensor& q, const Tensor& k, const Mask& mask) {
  weights_rule(q, k, mask);
  // exercise 7.2: softmax(q k^T / sqrt D), with a score of minus infinity where the mask hides
  const auto D = static_cast<float>(q.shape()[q.shape().rank() - 1]);
  Tensor scores = matmul(q, transpose(k, -2, -1)) * (1 / std::sqrt(D));
  if (mask) scores = where(Tensor(mask), number(-std::numeric_limits<float>::infinity()), scores);
  return softmax(scores);
  // end exercise
}

QueryKeyValue split_qkv(const Tensor& qkv) {
  split_rule(qkv);
  // exercise 7.3: the first third of every token's numbers is its query, then key, then value
  const std::int64_t D = qkv.shape()[qkv.shape().rank() - 1] / 3;
  const auto part = [&](std::int64_t i) { return slice(qkv, -1, i * D, (i + 1) * D); };
  return {part(0), part(1), part(2)};
  // end exercise
}

SelfAttention::SelfAttention(std::int64_t C, Random& random)
    : in_proj_weight(own("in_proj_weight", uniform({3 * C, C}, glorot_bound(C), random))),
      in_proj_bias(own("in_proj_bias", filled({3 * C}))),
      out_proj(own("out_proj", Linear(C, C, random))) {
  out_proj.bias.set_data(op::array(filled({C})));
}

Tensor SelfAttention::operator()(const Tensor& x, const Mask& mask) const {
  // exercise 7.4: q, k and v from one linear layer, attend, and through the other
  const auto [q, k, v] = split_qkv(linear(x, in_proj_weight, in_proj_bias));
  const Tensor context = attend(q, k, v, mask);
  return out_proj(context);
  // end exercise
}

}  // namespace nt
