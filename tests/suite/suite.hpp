#pragma once
// What all parts of the suite share. The suite asks every backend that there is; which tests there
// are is said by their areas, the first tag of each: stage 16's program counts by it.

#include <cstdlib>

#include "baseline.hpp"
#include "buffers.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "columns.hpp"
#include "install_fast.hpp"

namespace nt {

/// Every backend that can hold data. A stage that fills another column installs it here.
inline std::vector<Backend> all_columns() {
  install_fast();
  fast::reuse_buffers(false);  // each from `new`, between the guarded heap's bands
  return columns();
}

/// Calls test() once for every backend, which is then the chosen one.
template <class Test>
void on_every_backend(const Test& test) {
  for (const Backend backend : all_columns()) {
    INFO("on " << name(backend));
    set_backend(backend);
    test();
  }
}

/// The data that $NANO_TORCH_DATA names, digits or mnist; without it MNIST where it is present.
inline const Baseline& baseline() {
  static const Baseline loaded = [] {
    const char* data = std::getenv("NANO_TORCH_DATA");
    return load_baseline(data == nullptr ? "" : data);
  }();
  return loaded;
}

inline const Frozen& operations() {
  static const Frozen opened = Frozen::open("operations");
  return opened;
}

}  // namespace nt
