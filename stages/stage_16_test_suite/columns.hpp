#pragma once
// The columns of the op table, seen by one who tests them: which there are, and how to put another
// kernel into a cell for a while.

#include <vector>

#include "rows.hpp"

namespace nt {

/// The one that the others are held against: it is written with Eigen, not by the course.
inline constexpr Backend kTrusted = Backend::eigen;

/// The backends that can hold data: those with a kernel for `array`, in the order of kBackends.
/// Whoever fills a new column need not tell anybody that it is to be tested.
inline std::vector<Backend> columns() {
  std::vector<Backend> found;
  for (const Backend backend : kBackends) {
    if (op::array.has_kernel(backend)) found.push_back(backend);
  }
  return found;
}

/// A cell with another kernel in it, for as long as this lives.
template <class Row>
class OtherKernel {
 public:
  OtherKernel(Row& row, Backend backend, typename Row::Kernel kernel)
      : row_(row), backend_(backend), own_(row.kernel(backend)) {
    row_.install(backend_, std::move(kernel));
  }
  OtherKernel(const OtherKernel&) = delete;
  OtherKernel& operator=(const OtherKernel&) = delete;
  ~OtherKernel() { row_.install(backend_, own_); }

 private:
  Row& row_;
  Backend backend_;
  typename Row::Kernel own_;
};

}  // namespace nt
