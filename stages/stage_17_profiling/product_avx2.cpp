// The product for processors with AVX2 and FMA.

#include "product_kernel.hpp"

#if defined(__x86_64__)  // no other processor has them
namespace nt::fast {

template void product<Vec8>(const Product& p);

}  // namespace nt::fast
#endif
