#include "data_cache.hpp"

#include <zlib.h>

#include <array>
#include <fstream>
#include <optional>
#include <string_view>

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "sums.hpp"

namespace nt {
namespace {

constexpr std::size_t kSum = 4;  // bytes of a CRC-32

/// The CRC-32 of `content`, most significant byte first.
std::array<std::uint8_t, kSum> checksum(std::span<const std::uint8_t> content) {
  const auto sum = static_cast<std::uint32_t>(crc32_z(0, content.data(), content.size()));
  return {static_cast<std::uint8_t>(sum >> 24), static_cast<std::uint8_t>(sum >> 16),
          static_cast<std::uint8_t>(sum >> 8), static_cast<std::uint8_t>(sum)};
}

/// What is kept in the file `path`; nothing where there is none, or one that is damaged.
std::optional<Bytes> kept(const std::filesystem::path& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path, none);
  if (none || size < kSum) return std::nullopt;
  Bytes bytes(size);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!file) return std::nullopt;
  const std::span<const std::uint8_t> content(bytes.data(), size - kSum);
  const auto sum = checksum(content);
  if (!std::equal(sum.begin(), sum.end(), bytes.end() - kSum)) return std::nullopt;
  bytes.resize(size - kSum);
  return bytes;
}

/// Keeps `content` in the file `path`. Returns why it cannot, in one line, or nothing.
std::string keep(const std::filesystem::path& path, Bytes& content) {
  const std::filesystem::path folder = path.parent_path();
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return shown(folder) + ": cannot be created: " + failed.message();

  const auto sum = checksum(content);
  content.insert(content.end(), sum.begin(), sum.end());  // in place: images are no small matter
  std::string reason;
  try {
    write_file(path, {reinterpret_cast<const char*>(content.data()), content.size()});
  } catch (const FileError& error) {
    reason = error.what();
  }
  content.resize(content.size() - kSum);
  return reason;
}

}  // namespace

std::filesystem::path cache_folder() { return project_root() / "data" / "cache"; }

Unpacked read_unpacked(const std::filesystem::path& source, const std::filesystem::path& cache) {
  const std::string file = read_file(source);
  const std::span packed(reinterpret_cast<const std::uint8_t*>(file.data()), file.size());
  if (!is_gzip(packed)) return {{packed.begin(), packed.end()}, false, ""};
  // exercise 13.4: what is kept under the source's sum; where there is none, unpack it and keep it
  const std::filesystem::path path = cache / sha256(file);
  if (std::optional<Bytes> content = kept(path)) return {std::move(*content), true, ""};
  Unpacked unpacked{unpack_idx(shown(source), packed), false, ""};
  unpacked.not_kept = keep(path, unpacked.content);
  return unpacked;
  // end exercise
}

}  // namespace nt
