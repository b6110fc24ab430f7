#include <bit>
#include <nlohmann/json.hpp>

#include "core/errors.hpp"
#include "safetensors.hpp"

namespace nt {
namespace {

constexpr std::size_t kFloatBytes = 4;

/// The number, least significant byte first.
void append_bytes(std::string& content, std::uint64_t number, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) content += static_cast<char>(number >> (8 * i) & 0xffU);
}

/// The header of a file with these arrays, with spaces up to a multiple of 8 bytes.
std::string header_of(const WeightFile& file) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!file.metadata.empty()) header["__metadata__"] = file.metadata;
  std::uint64_t at = 0;
  for (const auto& [name, array] : file.arrays) {
    const std::uint64_t end = at + array.values.size() * kFloatBytes;
    header[name] = {{"dtype", "F32"}, {"shape", array.shape.sizes()}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  return text;
}

}  // namespace

std::string encode_safetensors(const WeightFile& file) {
  const std::string header = header_of(file);
  std::string content;
  append_bytes(content, header.size(), 8);
  content += header;
  for (const auto& [name, array] : file.arrays) {
    if (const std::string problem = number_problem(name, array); !problem.empty()) {
      throw Error("safetensors: " + problem);
    }
    for (const float value : array.values) {
      append_bytes(content, std::bit_cast<std::uint32_t>(value), kFloatBytes);
    }
  }
  return content;
}

}  // namespace nt
