#pragma once
// For checks: every set of kernels and any number of threads, and afterwards what was chosen
// before.

#include "check/catch.hpp"
#include "kernels.hpp"
#include "parallel.hpp"

namespace nt {

/// Keeps the kernels and the number of threads that are chosen now, and chooses them again when it
/// goes, whatever has happened in between.
class KernelChoice {
 public:
  KernelChoice() = default;
  KernelChoice(const KernelChoice&) = delete;
  KernelChoice& operator=(const KernelChoice&) = delete;
  ~KernelChoice() {
    fast::use_kernels(kernels_);
    fast::set_threads(threads_);
  }

 private:
  const fast::Kernels& kernels_ = fast::kernels();
  int threads_ = fast::threads();
};

/// test(set) for every set of kernels that this processor can run, while it is the chosen one.
template <class Test>
void with_every_set(const Test& test) {
  const KernelChoice before;
  for (const fast::Kernels* set : fast::runnable_kernels()) {
    INFO("kernels for " << set->processor);
    fast::use_kernels(*set);
    test(*set);
  }
}

}  // namespace nt
