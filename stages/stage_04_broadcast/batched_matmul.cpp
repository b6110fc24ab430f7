#include "batched_matmul.hpp"

#include "naive.hpp"
#include "shape_rules.hpp"
#include "views.hpp"

namespace nt::naive {
namespace {

Shape batch_of(const Shape& shape) { return Shape({shape.begin(), shape.end() - 2}); }

/// The first number of every matrix of x, seen as an array of the batch shape.
Storage corners(const Storage& x, const Shape& batch) {
  const Index strides(x.strides().begin(), x.strides().end() - 2);
  return expand(x.view(batch_of(x.shape()), strides, x.offset()), batch);
}

}  // namespace

Storage batched_matmul(const Storage& a, const Storage& b) {
  // exercise 4.6: broadcast the batch axes by strides, and multiply at every position of the batch
  const std::int64_t M = a.shape()[a.shape().rank() - 2];
  const std::int64_t K = a.shape()[a.shape().rank() - 1];
  const std::int64_t N = b.shape()[b.shape().rank() - 1];
  const Shape batch =
      shape_rule::broadcast_shapes("matmul", batch_of(a.shape()), batch_of(b.shape()), "");
  std::vector<std::int64_t> sizes = batch.sizes();
  sizes.insert(sizes.end(), {M, N});

  Storage c{Shape(sizes)};
  if (a.shape().count() == 0 || b.shape().count() == 0) return c;  // sums of nothing: zeros
  float* next = c.write();
  const Storage rows_a = a.contiguous();
  const Storage rows_b = b.contiguous();
  walk<2>(batch, {corners(rows_a, batch).strides(), corners(rows_b, batch).strides()},
          [&](const auto& at) {
            add_product(rows_a.data() + at[0], rows_b.data() + at[1], next, M, K, N);
            next += M * N;
          });
  return c;
  // end exercise
}

}  // namespace nt::naive
