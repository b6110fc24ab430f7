#pragma once
// For checks, of this stage and of those above: what is checked on one backend is checked on the
// other as well.

#include "check/catch.hpp"
#include "gradient_rows.hpp"

namespace nt {

inline constexpr Backend kBoth[] = {Backend::naive, Backend::eigen};

/// Computes on that backend from now on, its rows filled up to stage 5.
inline void use(Backend backend) {
  install_gradient_rows();
  set_backend(backend);
}

/// Runs a check on both.
template <class Check>
void on_both(const Check& check) {
  for (const Backend backend : kBoth) {
    use(backend);
    INFO("on " << name(backend));
    check();
  }
}

}  // namespace nt
