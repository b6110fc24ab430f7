// Any bytes are an IDX file or a FileError; and what is one holds as many bytes as its shape says.

#include "core/errors.hpp"
#include "idx_file.hpp"
#include "require.hpp"

// libFuzzer calls it by this name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) try {
  const nt::IdxArray idx = nt::decode_idx("x", nt::unpack_idx("x", {data, size}));
  nt::require(numbers(idx).size() == static_cast<std::size_t>(idx.shape.count()));
  nt::require(idx.bytes.size() == numbers(idx).size() * element_size(idx.type));
  return 0;
} catch (const nt::FileError&) {
  return 0;
}
