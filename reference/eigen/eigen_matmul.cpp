// Matrix products: each pair of matrices is handed to Eigen's own product.

#include <Eigen/Core>

#include "eigen/eigen_array.hpp"
#include "eigen/eigen_ops.hpp"

namespace nt::eigen {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Matrix = Eigen::Map<RowMajor>;
using ConstMatrix = Eigen::Map<const RowMajor>;

Shape leading(const Shape& shape) { return Shape({shape.begin(), shape.end() - 2}); }

/// With the batch axes of `batch` in front of the last two of x.
Array with_batch(const Array& x, const Shape& batch) {
  if (leading(x.shape()) == batch) return x;
  std::vector<std::int64_t> sizes = batch.sizes();
  sizes.insert(sizes.end(), x.shape().end() - 2, x.shape().end());
  return expand(x, Shape(sizes));
}

}  // namespace

Array matmul(const Array& a, const Array& b) {
  const std::int64_t M = a.shape()[a.shape().rank() - 2];
  const std::int64_t K = a.shape()[a.shape().rank() - 1];
  const std::int64_t N = b.shape()[b.shape().rank() - 1];
  const Shape batch = common_shape(leading(a.shape()), leading(b.shape()));
  const Array wide_a = with_batch(a, batch);
  const Array wide_b = with_batch(b, batch);

  std::vector<std::int64_t> sizes = batch.sizes();
  sizes.insert(sizes.end(), {M, N});
  EigenArray result{Shape(sizes)};
  for (std::int64_t i = 0; i < batch.count(); ++i) {
    const ConstMatrix left(as_eigen(wide_a).elements().data() + i * M * K, M, K);
    const ConstMatrix right(as_eigen(wide_b).elements().data() + i * K * N, K, N);
    Matrix(result.elements().data() + i * M * N, M, N).noalias() = left * right;
  }
  return to_array(std::move(result));
}

}  // namespace nt::eigen
