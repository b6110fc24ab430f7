#pragma once
// Small pictures that stand inside a page: as PNG (https://www.w3.org/TR/png), which is a header,
// rows of bytes that zlib has packed, and an end; and as the text of a link that holds the file
// itself.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nt {

/// Red, green, blue and how opaque, a byte each, row by row: bytes.size() == 4 * width * height.
struct Pixels {
  std::uint32_t width;
  std::uint32_t height;
  std::vector<std::uint8_t> bytes;
};

/// The PNG file. Throws Error
///   `png: 2 x 3 pixels are 24 bytes, found 23`
std::string encode_png(const Pixels& pixels);

/// Base64 (RFC 4648): three bytes become four letters; what is missing at the end is `=`.
std::string base64(std::string_view bytes);

/// `data:image/png;base64,...`: what an <img> shows without fetching anything.
std::string image_link(const Pixels& pixels);

}  // namespace nt
