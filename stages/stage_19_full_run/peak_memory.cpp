#include "peak_memory.hpp"

#include <sys/resource.h>

namespace nt {

double peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
  constexpr double kUnit = 1;  // bytes there
#else
  constexpr double kUnit = 1024;
#endif
  return static_cast<double>(usage.ru_maxrss) * kUnit / 1e6;
}

}  // namespace nt
