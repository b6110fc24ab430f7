// The product for processors with AVX-512.

#include "product_kernel.hpp"

#if defined(__x86_64__)  // no other processor has them
namespace nt::fast {

template void product<Vec16>(const Product& p);

}  // namespace nt::fast
#endif
