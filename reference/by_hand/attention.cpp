#include "by_hand/attention.hpp"

#include <cmath>

#include "by_hand/layers.hpp"

namespace nt::by_hand {
namespace {

/// Part 0, 1 or 2 of (B, T, 3C), that is q, k or v, a head apart:  -> (B, H, T, D)
Array part(const Operations& op, const Array& qkv, std::int64_t number, int heads) {
  const std::int64_t B = qkv.shape()[0];
  const std::int64_t T = qkv.shape()[1];
  const std::int64_t C = qkv.shape()[2] / 3;
  const Array one = op.slice(qkv, 2, number * C, (number + 1) * C);
  return op.permute(op.reshape(one, {B, T, heads, C / heads}), {0, 2, 1, 3});
}

/// Heads side by side again: (B, H, T, D) -> (B, T, C)
Array join_heads(const Operations& op, const Array& x) {
  const Shape& s = x.shape();
  return op.reshape(op.permute(x, {0, 2, 1, 3}), {s[0], s[2], s[1] * s[3]});
}

Array transposed(const Operations& op, const Array& x) { return op.transpose(x, 2, 3); }

/// 1 / sqrt D
Array scale(const Operations& op, const Array& q) {
  return op.number(1 / std::sqrt(static_cast<float>(q.shape()[3])));
}

}  // namespace

Array attention(const Operations& op, const Array& x, const AttentionWeights& weights, int heads,
                AttentionMemory& memory) {
  const Array qkv = linear(op, x, weights.in_weight, weights.in_bias);
  memory.q = part(op, qkv, 0, heads);
  memory.k = part(op, qkv, 1, heads);
  memory.v = part(op, qkv, 2, heads);
  const Array scores = op.matmul(memory.q, transposed(op, memory.k));
  memory.weights = softmax(op, op.multiply(scores, scale(op, memory.q)));
  memory.context = join_heads(op, op.matmul(memory.weights, memory.v));
  return linear(op, memory.context, weights.out_weight, weights.out_bias);
}

AttentionGradients attention_backward(const Operations& op, const Array& x,
                                      const AttentionWeights& weights,
                                      const AttentionMemory& memory, const Array& dy) {
  const auto& [q, k, v, listening, context] = memory;
  const Shape& s = q.shape();
  const std::int64_t C = s[1] * s[3];

  // y = context W_out^T + b_out
  const LinearGradients out = linear_backward(op, context, weights.out_weight, dy);
  const Array split = op.reshape(out.dx, {s[0], s[2], s[1], s[3]});
  const Array dcontext = op.permute(split, {0, 2, 1, 3});

  // context = listening v:  dlistening = dcontext v^T,  dv = listening^T dcontext
  const Array dlistening = op.matmul(dcontext, transposed(op, v));
  const Array dv = op.matmul(transposed(op, listening), dcontext);

  // listening = softmax(q k^T / sqrt D):  dq = dscores k,  dk = dscores^T q
  const Array dscores = op.multiply(softmax_backward(op, listening, dlistening), scale(op, q));
  const Array dq = op.matmul(dscores, k);
  const Array dk = op.matmul(transposed(op, dscores), q);

  // q, k and v were cut out of x W_in^T + b_in: their gradients lie side by side again.
  const Array dqkv =
      op.add(op.add(op.pad(join_heads(op, dq), 2, 0, 2 * C), op.pad(join_heads(op, dk), 2, C, C)),
             op.pad(join_heads(op, dv), 2, 2 * C, 0));
  const LinearGradients in = linear_backward(op, x, weights.in_weight, dqkv);
  return {.dx = in.dx, .dweights = {in.dweight, in.dbias, out.dweight, out.dbias}};
}

}  // namespace nt::by_hand
