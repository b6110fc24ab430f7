#pragma once
// UTF-8, in which JSON is written: a character is one to four bytes, RFC 3629.

#include <cstdint>
#include <string>
#include <string_view>

namespace nt {

/// The first byte of `text` that belongs to no character; text.size() where all do.
std::size_t first_not_utf8(std::string_view text);

/// The bytes of a character; its number is at most 0x10ffff.
std::string utf8(std::uint32_t character);

}  // namespace nt
