#include "generator/idx.hpp"

#include <zlib.h>

#include <cassert>
#include <initializer_list>
#include <new>
#include <utility>

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"

namespace nt {
namespace {

constexpr std::uint32_t kMagicImages = 0x803;  // unsigned bytes (08), three axes
constexpr std::uint32_t kMagicLabels = 0x801;  // unsigned bytes (08), one axis

std::string header(std::initializer_list<std::uint32_t> numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers) {
    for (const int shift : {24, 16, 8, 0}) bytes.push_back(static_cast<char>(number >> shift));
  }
  return bytes;
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw FileError(shown(folder), "cannot be created: " + failed.message());
}

}  // namespace

std::string idx_images(const Digits& digits) {
  const auto count = static_cast<std::uint32_t>(digits.pictures.size());
  std::string bytes = header({kMagicImages, count, kSide, kSide});
  bytes.reserve(bytes.size() + digits.pictures.size() * kSide * kSide);
  for (const Picture& picture : digits.pictures) bytes.append(picture.begin(), picture.end());
  return bytes;
}

std::string idx_labels(const Digits& digits) {
  const auto count = static_cast<std::uint32_t>(digits.labels.size());
  return header({kMagicLabels, count}).append(digits.labels.begin(), digits.labels.end());
}

std::string gzip(std::string_view raw) {
  constexpr int kWindow = 15 + 16;  // the largest window; 16 asks for a gzip header
  constexpr int kMemory = 9;        // the most: speed, not size
  // Of a picture's structure only the runs of paper and ink are worth finding: Z_RLE is fifty times
  // faster than the search for matches, and the result is smaller.
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kWindow, kMemory, Z_RLE) != Z_OK) {
    throw std::bad_alloc();
  }
  std::string packed(deflateBound(&stream, static_cast<uLong>(raw.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(raw.data()));
  stream.avail_in = static_cast<uInt>(raw.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  [[maybe_unused]] const int status = deflate(&stream, Z_FINISH);
  assert(status == Z_STREAM_END);  // deflateBound promised the space
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

void write_data_set(const std::filesystem::path& folder, const Digits& train, const Digits& test) {
  const std::pair<const char*, std::string> files[] = {
      {"train-images-idx3-ubyte.gz", gzip(idx_images(train))},
      {"train-labels-idx1-ubyte.gz", gzip(idx_labels(train))},
      {"t10k-images-idx3-ubyte.gz", gzip(idx_images(test))},
      {"t10k-labels-idx1-ubyte.gz", gzip(idx_labels(test))}};

  make_folder(folder);
  // Pictures of one drawing beside labels of another would be worse than no files: the four come
  // whole into a folder of their own and move together.
  const std::filesystem::path unfinished = folder / "unfinished";
  make_folder(unfinished);
  try {
    for (const auto& [name, content] : files) write_file(unfinished / name, content);
    for (const auto& [name, content] : files) {
      std::error_code failed;
      std::filesystem::rename(unfinished / name, folder / name, failed);
      if (failed) throw FileError(shown(folder / name), "cannot be written: " + failed.message());
    }
  } catch (...) {
    std::error_code ignored;  // the first failure is the one to tell
    std::filesystem::remove_all(unfinished, ignored);
    throw;
  }
  std::filesystem::remove(unfinished);
}

}  // namespace nt
