// The kernels for processors with AVX-512.

#include "kernel_set.hpp"

#if defined(__x86_64__)  // no other processor has them
namespace nt::fast {

const Kernels kAvx512Kernels = kernel_set<Vec16>("avx512");

}  // namespace nt::fast
#endif
