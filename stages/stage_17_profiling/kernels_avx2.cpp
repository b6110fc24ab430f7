// The kernels for processors with AVX2 and FMA.

#include "kernel_set.hpp"

#if defined(__x86_64__)  // no other processor has them
namespace nt::fast {

const Kernels kAvx2Kernels = kernel_set<Vec8>("avx2");

}  // namespace nt::fast
#endif
