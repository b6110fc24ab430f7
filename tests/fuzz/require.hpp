#pragma once
// What a fuzzer is told to look for, beyond what the sanitizers find.

#include <cstdlib>

namespace nt {

/// Ends the program unless it holds: libFuzzer then keeps the input.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace nt
