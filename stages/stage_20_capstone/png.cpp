#include "png.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include "core/errors.hpp"

namespace nt {
namespace {

/// The four bytes, the most significant first.
std::string big_endian(std::uint32_t number) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) {
    bytes += static_cast<char>(static_cast<std::uint8_t>(number >> shift));
  }
  return bytes;
}

const Bytef* as_bytes(const std::string& text) {
  return reinterpret_cast<const Bytef*>(text.data());
}

/// Length, type, data, and the CRC-32 of type and data.
std::string chunk(const std::string& type, const std::string& data) {
  const std::string checked = type + data;
  const uLong sum = crc32(0, as_bytes(checked), static_cast<uInt>(checked.size()));
  return big_endian(static_cast<std::uint32_t>(data.size())) + checked +
         big_endian(static_cast<std::uint32_t>(sum));
}

std::string packed(const std::string& rows) {
  uLongf size = compressBound(static_cast<uLong>(rows.size()));
  std::string result(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef*>(result.data()), &size, as_bytes(rows),
                               static_cast<uLong>(rows.size()), Z_BEST_COMPRESSION);
  if (status != Z_OK) throw Error(fmt::format("png: zlib gives up with {}", status));
  result.resize(size);
  return result;
}

}  // namespace

std::string encode_png(const Pixels& pixels) {
  const std::size_t row = std::size_t{4} * pixels.width;
  if (pixels.bytes.size() != row * pixels.height) {
    throw Error(fmt::format("png: {} x {} pixels are {} bytes, found {}", pixels.width,
                            pixels.height, row * pixels.height, pixels.bytes.size()));
  }
  std::string rows;
  for (std::size_t at = 0; at < pixels.bytes.size(); at += row) {
    rows += '\0';  // the row is not predicted from the one above
    for (std::size_t i = at; i < at + row; ++i) rows += static_cast<char>(pixels.bytes[i]);
  }
  // 8 bits each of red, green, blue and alpha; packed by zlib; one prediction a row; not interlaced
  const std::string kind{8, 6, 0, 0, 0};
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR", big_endian(pixels.width) + big_endian(pixels.height) + kind) +
         chunk("IDAT", packed(rows)) + chunk("IEND", "");
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;  // 24 bits, four times six
    for (std::size_t i = at; i < at + 3; ++i) {
      three = three << 8 | (i < bytes.size() ? static_cast<std::uint8_t>(bytes[i]) : 0U);
    }
    for (std::size_t letter = 0; letter < 4; ++letter) {
      const bool missing = at + letter > bytes.size();
      text += missing ? '=' : kLetters[three >> (18 - 6 * letter) & 63];
    }
  }
  return text;
}

std::string image_link(const Pixels& pixels) {
  return "data:image/png;base64," + base64(encode_png(pixels));
}

}  // namespace nt
