#pragma once
// OpenBLAS, the library that PyTorch and numpy multiply with on many machines, where it is
// installed. It is looked for when the program runs: the project does not need it.

#include <optional>
#include <string>

#include "kernels.hpp"

namespace nt {

class OpenBlas {
 public:
  /// The library of this name, or nothing where the system finds none.
  static std::optional<OpenBlas> find(const char* library = "libopenblas.so.0");

  /// Such as "OpenBLAS 0.3.21, SkylakeX": the version, and the processor it computes for.
  const std::string& name() const { return name_; }

  /// How many threads multiply from now on.
  void set_threads(int count) const { set_num_threads_(count); }

  /// Which operands lie in memory turned around: a as (K, M), b as (N, K).
  struct Turned {
    bool a = false, b = false;
  };

  /// c = a b.   a: (M, K), b: (K, N) -> c: (M, N), row by row without gaps
  void multiply(fast::Size M, fast::Size N, fast::Size K, const float* a, const float* b, float* c,
                Turned turned = {false, false}) const;

 private:
  // As in its cblas.h; Order and Transpose are enumerations there.
  using Sgemm = void (*)(int order, int transpose_a, int transpose_b, int M, int N, int K,
                         float alpha, const float* a, int a_row, const float* b, int b_row,
                         float beta, float* c, int c_row);

  std::string name_;
  Sgemm sgemm_ = nullptr;
  void (*set_num_threads_)(int count) = nullptr;
};

}  // namespace nt
