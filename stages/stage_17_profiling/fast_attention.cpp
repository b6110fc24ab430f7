// Attention of a whole batch: head by head, the heads shared between threads. Heads are read where
// they lie, as a view of what the linear layer gave, and what they give is laid out so that the
// next view costs nothing either.

#include "fast_ops.hpp"
#include "fast_rows.hpp"
#include "parallel.hpp"

namespace nt::fast {
namespace {

/// Multiplications and additions that a thread is given at least: some 10 microseconds.
constexpr std::int64_t kWork = 1 << 18;

/// x with the numbers of each token side by side.   x: (..., T, D)
FastArray with_tokens(const FastArray& x) {
  const int rank = x.shape().rank();
  return x.stride(rank - 1) == 1 || x.shape()[rank - 1] == 1 ? x : copied(x);
}

/// How far into x: (..., T, D) the head at `index` lies.
std::int64_t offset_of(const FastArray& x, const Index& index, std::size_t first_axis = 0) {
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < index.size(); ++i) offset += index[i] * x.strides()[first_axis + i];
  return offset;
}

/// An array (n, ..., H, T, D) that lies in memory as (..., T, n, H, D): what belongs to one token
/// is side by side, as join_heads and the linear layers want it.   heads: (..., H)
FastArray tokens_together(std::int64_t n, const Shape& heads, std::int64_t T, std::int64_t D) {
  std::vector<std::int64_t> sizes = heads.sizes();
  const std::int64_t H = sizes.empty() ? 1 : sizes.back();
  if (!sizes.empty()) sizes.pop_back();
  const int outer = static_cast<int>(sizes.size());
  sizes.insert(sizes.end(), {T, n, H, D});
  Axes order{outer + 1};
  for (int axis = 0; axis < outer; ++axis) order.push_back(axis);
  order.insert(order.end(), {outer + 2, outer, outer + 3});
  return permute(FastArray(Shape(sizes)), order);
}

/// The heads of queries, keys and values.
struct Heads {
  Heads(const FastArray& queries, const FastArray& keys, const FastArray& values)
      : q(with_tokens(queries)),
        k(with_tokens(keys)),
        v(with_tokens(values)),
        shape(std::vector<std::int64_t>(q.shape().begin(), q.shape().end() - 2)),
        T(q.shape()[shape.rank()]),
        D(q.shape()[shape.rank() + 1]) {}

  /// work(index, head, scratch) for every head, several at once.
  template <class Work>
  void each(const Work& work) const {
    const int token = shape.rank();
    parallel(shape.count(), kWork / (T * T * D + 1) + 1, [&](std::int64_t i, std::int64_t end) {
      const auto scratch = take_buffer(attention_scratch(T, D));
      for (; i < end; ++i) {
        const Index at = unravel(i, shape);
        const Head head{T,
                        D,
                        q.data() + offset_of(q, at),
                        k.data() + offset_of(k, at),
                        v.data() + offset_of(v, at),
                        q.stride(token),
                        k.stride(token),
                        v.stride(token)};
        work(at, head, scratch.get());
      }
    });
  }

  FastArray q, k, v;  // (heads..., T, D)
  Shape shape;        // (heads...)
  std::int64_t T, D;
};

}  // namespace

FastArray attention(const FastArray& q, const FastArray& k, const FastArray& v) {
  const Heads heads(q, k, v);
  FastArray y = reshape(tokens_together(1, heads.shape, heads.T, heads.D), q.shape());
  const std::int64_t row = y.stride(heads.shape.rank());
  heads.each([&, to = y.fill()](const Index& at, const Head& head, float* scratch) {
    kernels().attention(head, to + offset_of(y, at), row, scratch);
  });
  return y;
}

FastArray attention_gradient(const FastArray& q, const FastArray& k, const FastArray& v,
                             const FastArray& dy) {
  const Heads heads(q, k, v);
  const FastArray from = with_tokens(dy);
  std::vector<std::int64_t> sizes = q.shape().sizes();
  sizes.insert(sizes.begin(), 3);
  FastArray all = reshape(tokens_together(3, heads.shape, heads.T, heads.D), Shape(sizes));
  const int token = heads.shape.rank();
  const std::int64_t row = all.stride(token + 1);
  const std::int64_t next = all.stride(0);  // from dq to dk, and from dk to dv
  heads.each([&, to = all.fill()](const Index& at, const Head& head, float* scratch) {
    float* const dq = to + offset_of(all, at, 1);
    kernels().attention_gradient(head, from.data() + offset_of(from, at), from.stride(token), dq,
                                 dq + next, dq + 2 * next, row, scratch);
  });
  return all;
}

}  // namespace nt::fast
