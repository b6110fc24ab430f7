// The product of matrices, from its kernel to whole stacks: one product where a stack can be read
// as one tall matrix, and threads over the rows, or over the matrices, of the result.

#include <algorithm>

#include "axis_runs.hpp"
#include "fast_ops.hpp"
#include "parallel.hpp"
#include "shape_rules.hpp"

namespace nt::fast {
namespace {

/// Multiplications and additions that a thread is given at least: some 10 microseconds.
constexpr std::int64_t kWork = 1 << 19;

/// How far apart rows may lie for b to be read as it is. Further apart, every row is another page
/// of memory, and rows whose distance is a power of two fall into the same places of the cache.
constexpr std::int64_t kFar = 512;

/// A product with at least so many k and at most so many numbers is computed in parts of K.
constexpr std::int64_t kDeep = 1024;
constexpr std::int64_t kSmall = 1 << 14;
constexpr std::int64_t kPartsOfK = 4;

std::int64_t rows_stride(const FastArray& x) { return x.stride(x.shape().rank() - 2); }
std::int64_t columns_stride(const FastArray& x) { return x.stride(x.shape().rank() - 1); }

/// b with its numbers side by side along n, as the kernel reads it: itself, or a copy.
FastArray with_rows(const FastArray& b) {
  const int rank = b.shape().rank();
  const bool side_by_side = columns_stride(b) == 1 || b.shape()[rank - 1] == 1;
  if (side_by_side && (rows_stride(b) <= kFar || b.is_contiguous())) return b;
  if (rank == 2 && rows_stride(b) == 1) {  // turned around, as the weights of a linear layer are
    FastArray turned(b.shape());
    kernels().transpose(b.shape()[1], b.shape()[0], b.data(), columns_stride(b), turned.fill(),
                        b.shape()[1]);
    return turned;
  }
  return copied(b);
}

/// The rows of a stack as those of one matrix, where they lie evenly; else a copy of it.
///   a: (..., M, K) -> (... M, K)
FastArray tall(const FastArray& a) {
  const std::int64_t K = a.shape()[a.shape().rank() - 1];
  return reshape(a, {K == 0 ? 0 : a.shape().count() / K, K});
}

/// Rows m to m_end of the product, of which k to k_end are summed.
Product section(Product p, Size m, Size m_end, Size k, Size k_end) {
  p.a += m * p.a_row + k * p.a_column;
  p.b += k * p.b_row;
  p.c += m * p.c_row;
  p.M = m_end - m;
  p.K = k_end - k;
  return p;
}

/// One matrix by one matrix, the rows shared between threads.
void multiply_wide(const Product& p) {
  const std::int64_t tile = kernels().product_rows;
  const std::int64_t work = std::max<std::int64_t>(1, p.N * p.K);
  const std::int64_t grain = (kWork / work + tile) / tile * tile;
  parallel(p.M, grain, [&](std::int64_t begin, std::int64_t end) {
    kernels().product(section(p, begin, end, 0, p.K));
  });
}

/// The same for a result that is small beside K, as the gradient of a weight is: a sum over all
/// rows of all images. A few sums over a part of K each, so that a thread reads those rows that it
/// wrote, and then their sum. The parts are the same for any number of threads.
void multiply_deep(const Product& p) {
  FastArray parts(Shape{kPartsOfK, p.M, p.N});
  float* const to = parts.fill();
  parallel(kPartsOfK, 1, [&](std::int64_t i, std::int64_t end) {
    for (; i < end; ++i) {
      Product part = section(p, 0, p.M, p.K * i / kPartsOfK, p.K * (i + 1) / kPartsOfK);
      part.c = to + i * p.M * p.N;
      kernels().product(part);
    }
  });
  parallel(p.M * p.N, kElements / kPartsOfK, [&](std::int64_t begin, std::int64_t end) {
    kernels().column_sums(kPartsOfK, end - begin, to + begin, p.M * p.N, p.c + begin);
  });
}

void multiply(const Product& p) {
  const bool deep = p.K >= kDeep && p.M * p.N <= kSmall && !p.start;
  deep ? multiply_deep(p) : multiply_wide(p);
}

/// The sizes before the last `n`.
Shape in_front(const Shape& shape, int n) {
  return Shape(std::vector<std::int64_t>(shape.begin(), shape.end() - n));
}

/// How far into x the matrix at `index` lies, x broadcast to that many axes in front.
std::int64_t offset_of(const FastArray& x, const Index& index) {
  std::int64_t offset = 0;
  for (std::size_t i = 0; i < index.size(); ++i) offset += index[i] * x.strides()[i];
  return offset;
}

/// Matrix by matrix, the matrices shared between threads.
void multiply_stack(const FastArray& a, const FastArray& b, FastArray& c) {
  const int rank = c.shape().rank();
  const std::int64_t M = c.shape()[rank - 2];
  const std::int64_t N = c.shape()[rank - 1];
  const std::int64_t K = a.shape()[a.shape().rank() - 1];
  const Shape stack = in_front(c.shape(), 2);
  const auto expanded = [&](const FastArray& x) {
    std::vector<std::int64_t> sizes = stack.sizes();
    sizes.push_back(x.shape()[x.shape().rank() - 2]);
    sizes.push_back(x.shape()[x.shape().rank() - 1]);
    return expand(x, Shape(sizes));
  };
  const FastArray left = expanded(a);
  const FastArray right = expanded(b);
  float* const to = c.fill();
  parallel(stack.count(), kWork / (M * N * K + 1) + 1, [&](std::int64_t i, std::int64_t end) {
    for (; i < end; ++i) {
      const Index index = unravel(i, stack);
      kernels().product({M, N, K, left.data() + offset_of(left, index), rows_stride(a),
                         columns_stride(a), right.data() + offset_of(right, index), rows_stride(b),
                         to + i * M * N, N, nullptr});
    }
  });
}

}  // namespace

FastArray matmul(const FastArray& a, const FastArray& b, const float* start) {
  const Shape stack =
      shape_rule::broadcast_shapes("matmul", in_front(a.shape(), 2), in_front(b.shape(), 2), "");
  std::vector<std::int64_t> sizes = stack.sizes();
  sizes.push_back(a.shape()[a.shape().rank() - 2]);
  sizes.push_back(b.shape()[b.shape().rank() - 1]);
  FastArray c{Shape(sizes)};
  if (c.shape().count() == 0) return c;
  const FastArray right = with_rows(b);
  if (b.shape().rank() > 2) {
    multiply_stack(a, right, c);
    return c;
  }
  const FastArray left = tall(a);
  const std::int64_t N = sizes.back();
  multiply({c.shape().count() / N, N, left.shape()[1], left.data(), left.stride(0), left.stride(1),
            right.data(), right.stride(0), c.fill(), N, start});
  return c;
}

}  // namespace nt::fast
