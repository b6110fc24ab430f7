// Any bytes are a safetensors file or a FileError on one line; and what was read is written and
// read again to the last bit.

#include "core/errors.hpp"
#include "require.hpp"
#include "safetensors.hpp"

// libFuzzer calls it by this name. NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) try {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  const nt::WeightFile file = nt::decode_safetensors("x", content);
  const nt::WeightFile again = nt::decode_safetensors("x", encode_safetensors(file));
  nt::require(differing(again.arrays, file.arrays) == 0 && again.metadata == file.metadata);
  return 0;
} catch (const nt::FileError& error) {
  nt::require(std::string_view(error.what()).find('\n') == std::string_view::npos);
  return 0;
}
