// The product of two matrices by three loops, in the order m, k, n: the inner one runs along a row
// of b and a row of c, which lie in memory as they are read.

#include "naive.hpp"

namespace nt::naive {

void add_product(const float* a, const float* b, float* c, std::int64_t M, std::int64_t K,
                 std::int64_t N) {
  // exercise 3.6: c[m, n] += a[m, k] b[k, n]
  for (std::int64_t m = 0; m < M; ++m) {
    for (std::int64_t k = 0; k < K; ++k) {
      const float a_mk = a[m * K + k];
      for (std::int64_t n = 0; n < N; ++n) c[m * N + n] += a_mk * b[k * N + n];
    }
  }
  // end exercise
}

Storage matmul(const Storage& a, const Storage& b) {
  const std::int64_t M = a.shape()[0];
  const std::int64_t K = a.shape()[1];
  const std::int64_t N = b.shape()[1];
  Storage c({M, N});
  add_product(a.contiguous().data(), b.contiguous().data(), c.write(), M, K, N);
  return c;
}

}  // namespace nt::naive
