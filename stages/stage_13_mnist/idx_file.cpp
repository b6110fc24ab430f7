#include "idx_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <iterator>
#include <limits>

#include "core/errors.hpp"

namespace nt {
namespace {

constexpr std::size_t kMagic = 4;                       // bytes before the sizes
constexpr std::size_t kSize = 4;                        // bytes of a size
constexpr std::size_t kLongest = kMagic + 255 * kSize;  // a header of the highest rank

struct TypeRow {
  IdxType type;
  const char* name;
  std::size_t size;  ///< bytes of an element
};

constexpr TypeRow kTypes[] = {
    {IdxType::uint8, "uint8", 1},     {IdxType::int8, "int8", 1},
    {IdxType::int16, "int16", 2},     {IdxType::int32, "int32", 4},
    {IdxType::float32, "float32", 4}, {IdxType::float64, "float64", 8},
};

const TypeRow& row_of(IdxType type) {
  const auto* row = std::find_if(std::begin(kTypes), std::end(kTypes),
                                 [&](const TypeRow& known) { return known.type == type; });
  assert(row != std::end(kTypes));
  return *row;
}

/// What a header says of the bytes behind it.
struct Header {
  IdxType type;
  Shape shape;
  std::size_t length;    ///< of the header itself, in bytes
  std::size_t promised;  ///< bytes that are to follow
};

/// `count` bytes as one number, the most significant first; count <= 8.
std::uint64_t big_endian(const std::uint8_t* bytes, std::size_t count) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < count; ++i) number = number << 8 | bytes[i];
  return number;
}

IdxType parse_type(const std::string& file, std::uint8_t byte) {
  for (const TypeRow& row : kTypes) {
    if (static_cast<std::uint8_t>(row.type) == byte) return row.type;
  }
  throw FileError(file, fmt::format("not an IDX file: no elements are of type {:02x}", byte));
}

/// The bytes that elements of `type` and these sizes take. Throws FileError where that is more than
/// a Shape counts.
std::size_t bytes_of(const std::string& file, IdxType type,
                     const std::vector<std::int64_t>& sizes) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  auto bytes = static_cast<std::int64_t>(element_size(type));
  bool none = false;
  for (const std::int64_t size : sizes) {
    none = none || size == 0;
    if (size != 0 && bytes > kMost / size) {
      throw FileError(file, fmt::format("header promises more bytes than can be counted: ({})",
                                        fmt::join(sizes, ", ")));
    }
    if (size != 0) bytes *= size;
  }
  return none ? 0 : static_cast<std::size_t>(bytes);
}

/// The header at the beginning of `content`.
Header read_header(const std::string& file, std::span<const std::uint8_t> content) {
  const auto require = [&](std::size_t length) {
    if (content.size() >= length) return;
    throw FileError(file, fmt::format("ends early: an IDX header has {} bytes, found {}", length,
                                      content.size()));
  };
  require(kMagic);
  if (content[0] != 0 || content[1] != 0) {
    throw FileError(file, fmt::format("not an IDX file: it should begin with 00 00, found {:02x} "
                                      "{:02x}",
                                      content[0], content[1]));
  }
  const IdxType type = parse_type(file, content[2]);
  // exercise 13.1: as many sizes as the fourth byte says, each of 4 bytes; look before reading
  const std::size_t rank = content[3];
  const std::size_t length = kMagic + rank * kSize;
  require(length);
  std::vector<std::int64_t> sizes;
  for (std::size_t axis = 0; axis < rank; ++axis) {
    const std::uint8_t* size = content.data() + kMagic + axis * kSize;
    sizes.push_back(static_cast<std::int64_t>(big_endian(size, kSize)));
  }
  const std::size_t promised = bytes_of(file, type, sizes);
  return {type, Shape(sizes), length, promised};
  // end exercise
}

/// Throws FileError unless `found` bytes are what the header and its elements take.
void require_length(const std::string& file, const Header& header, std::size_t found) {
  const std::size_t elements = found - header.length;
  if (elements < header.promised) {
    throw FileError(file, fmt::format("ends early: header promises {} bytes, found {}",
                                      header.promised, elements));
  }
  if (elements > header.promised) {
    throw FileError(file, fmt::format("goes on too long: header promises {} bytes, and more follow",
                                      header.promised));
  }
}

/// The number that an element's bytes say.
double number(IdxType type, const std::uint8_t* bytes) {
  // exercise 13.2: the bytes as one pattern of bits, most significant first; the type says of what
  const std::uint64_t bits = big_endian(bytes, element_size(type));
  switch (type) {
    case IdxType::uint8: return static_cast<std::uint8_t>(bits);
    case IdxType::int8: return static_cast<std::int8_t>(bits);
    case IdxType::int16: return static_cast<std::int16_t>(bits);
    case IdxType::int32: return static_cast<std::int32_t>(bits);
    case IdxType::float32: return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    case IdxType::float64: break;
  }
  return std::bit_cast<double>(bits);
  // end exercise
}

}  // namespace

const char* name(IdxType type) { return row_of(type).name; }

std::size_t element_size(IdxType type) { return row_of(type).size; }

IdxArray decode_idx(const std::string& file, Bytes content) {
  const Header header = read_header(file, content);
  require_length(file, header, content.size());
  content.erase(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(header.length));
  return {header.type, header.shape, std::move(content)};
}

Bytes unpack_idx(const std::string& file, std::span<const std::uint8_t> packed) {
  if (!is_gzip(packed)) return {packed.begin(), packed.end()};
  const Header header = read_header(file, gunzip(file, packed, kLongest).content);
  Gunzipped unpacked = gunzip(file, packed, header.length + header.promised + 1);
  require_length(file, header, unpacked.content.size());
  if (!unpacked.whole) throw FileError(file, "ends early: its gzip checksum is missing");
  return std::move(unpacked.content);
}

std::vector<double> numbers(const IdxArray& idx) {
  const std::size_t size = element_size(idx.type);
  std::vector<double> values;
  values.reserve(idx.bytes.size() / size);
  for (std::size_t at = 0; at < idx.bytes.size(); at += size) {
    values.push_back(number(idx.type, idx.bytes.data() + at));
  }
  return values;
}

}  // namespace nt
