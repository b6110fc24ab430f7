// The kernels for any processor, one float at a time: what the others do, in plain C++.

#include "kernel_set.hpp"

namespace nt::fast {

const Kernels kPlainKernels = kernel_set<Vec1>("plain");

}  // namespace nt::fast
