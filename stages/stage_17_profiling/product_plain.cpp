// The product for any processor.

#include "product_kernel.hpp"

namespace nt::fast {

template void product<Vec1>(const Product& p);

}  // namespace nt::fast
