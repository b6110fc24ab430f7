#include "idx.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

#include "core/errors.hpp"
#include "core/paths.hpp"

namespace nt {
namespace {

constexpr std::uint8_t kUnsignedBytes = 0x08;  // the third byte of the file: the elements' type

std::uint8_t byte_at(const std::string& raw, std::size_t position) {
  return static_cast<std::uint8_t>(raw[position]);
}

/// The sizes in the header, 4 bytes each, the most significant first.
Shape read_shape(const std::string& raw, int rank) {
  std::vector<std::int64_t> sizes;
  for (int axis = 0; axis < rank; ++axis) {
    std::int64_t size = 0;
    for (int byte = 0; byte < 4; ++byte) {
      size = size * 256 + byte_at(raw, static_cast<std::size_t>(4 + 4 * axis + byte));
    }
    sizes.push_back(size);
  }
  return Shape(sizes);
}

}  // namespace

RawBytes inflate(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), &gzclose);
  if (!file)
    throw FileError(shown(path), fmt::format("cannot be opened: {}", std::strerror(errno)));
  std::string raw;
  char block[1 << 16];
  int count = 0;
  while ((count = gzread(file.get(), block, sizeof block)) > 0) {
    raw.append(block, static_cast<std::size_t>(count));
  }
  int code = Z_OK;
  const std::string reason = gzerror(file.get(), &code);  // "path: reason"
  if (code == Z_ERRNO) {
    throw FileError(shown(path), fmt::format("cannot be read: {}", std::strerror(errno)));
  }
  if (count < 0 && code != Z_BUF_ERROR) {
    throw FileError(shown(path),
                    fmt::format("corrupt gzip: {}", reason.substr(path.string().size() + 2)));
  }
  return {std::move(raw), code != Z_BUF_ERROR};  // Z_BUF_ERROR: the stream ends early
}

IdxBytes parse_idx(const std::filesystem::path& path, const RawBytes& content, int rank) {
  const std::string& raw = content.bytes;
  const std::size_t header = 4 + 4 * static_cast<std::size_t>(rank);
  const std::string magic = fmt::format("00 00 {:02x} {:02x}", kUnsignedBytes, rank);
  if (raw.size() < header) {
    throw FileError(shown(path), fmt::format("ends early: an IDX header has {} bytes, found {}",
                                             header, raw.size()));
  }
  const std::string found_magic = fmt::format("{:02x} {:02x} {:02x} {:02x}", byte_at(raw, 0),
                                              byte_at(raw, 1), byte_at(raw, 2), byte_at(raw, 3));
  if (found_magic != magic) {
    throw FileError(shown(path), fmt::format("not an IDX file of bytes with {} axes: it should "
                                             "begin with {}, found {}",
                                             rank, magic, found_magic));
  }

  const Shape shape = read_shape(raw, rank);
  const auto promised = static_cast<std::size_t>(shape.count());
  const std::size_t found = raw.size() - header;
  if (found != promised) {
    throw FileError(shown(path), fmt::format("{}: header promises {} bytes, found {}",
                                             found < promised ? "ends early" : "goes on too long",
                                             promised, found));
  }
  if (!content.whole) throw FileError(shown(path), "ends early: its gzip checksum is missing");
  return {shape,
          std::vector<std::uint8_t>(raw.begin() + static_cast<std::ptrdiff_t>(header), raw.end())};
}

}  // namespace nt
