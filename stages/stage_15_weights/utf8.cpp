#include "utf8.hpp"

#include <array>

namespace nt {
namespace {

/// What a first byte says: how many bytes follow it, and the smallest character that needs so many.
struct Lead {
  std::uint32_t mask, bits;  // the first byte, masked, is these bits
  std::size_t follow;
  std::uint32_t smallest;
};

constexpr std::array<Lead, 4> kLeads{
    {{0x80, 0x00, 0, 0}, {0xe0, 0xc0, 1, 0x80}, {0xf0, 0xe0, 2, 0x800}, {0xf8, 0xf0, 3, 0x10000}}};

/// The length of the character at the front of `text`; 0 where there is none.
std::size_t length_of_first(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (const auto& [mask, bits, follow, smallest] : kLeads) {
    if ((byte(0) & mask) != bits) continue;
    if (text.size() <= follow) return 0;
    std::uint32_t character = byte(0) & ~mask & 0xffU;
    for (std::size_t i = 1; i <= follow; ++i) {
      if ((byte(i) & 0xc0U) != 0x80U) return 0;
      character = character << 6U | (byte(i) & 0x3fU);
    }
    const bool surrogate = character >= 0xd800 && character < 0xe000;
    return character < smallest || character > 0x10ffff || surrogate ? 0 : follow + 1;
  }
  return 0;
}

}  // namespace

std::size_t first_not_utf8(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = length_of_first(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::string utf8(std::uint32_t character) {
  const auto first = [&](std::uint32_t mark, unsigned shift) {
    return static_cast<char>(mark | character >> shift);
  };
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | (character >> shift & 0x3fU));
  };
  if (character < 0x80) return {first(0, 0)};
  if (character < 0x800) return {first(0xc0, 6), tail(0)};
  if (character < 0x10000) return {first(0xe0, 12), tail(6), tail(0)};
  return {first(0xf0, 18), tail(12), tail(6), tail(0)};
}

}  // namespace nt
