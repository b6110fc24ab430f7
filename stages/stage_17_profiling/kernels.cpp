#include "kernels.hpp"

namespace nt::fast {
namespace {

const Kernels*& chosen() {
  static const Kernels* set = runnable_kernels().back();
  return set;
}

}  // namespace

std::vector<const Kernels*> runnable_kernels() {
  std::vector<const Kernels*> sets{&kPlainKernels};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    sets.push_back(&kAvx2Kernels);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq")) {
      sets.push_back(&kAvx512Kernels);
    }
  }
#endif
  return sets;
}

const Kernels& kernels() { return *chosen(); }

void use_kernels(const Kernels& set) { chosen() = &set; }

}  // namespace nt::fast
