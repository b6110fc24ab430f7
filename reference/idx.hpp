#pragma once
// Reads IDX files of bytes, plain or gzipped: the format of MNIST's images and labels
// (http://yann.lecun.com/exdb/mnist). This is the trusted reader; stage 13 builds the course's own.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/shape.hpp"

namespace nt {

/// Bytes with a shape: values.size() == shape.count().
struct IdxBytes {
  Shape shape;
  std::vector<std::uint8_t> values;
};

/// The content of a file that may be gzipped.
struct RawBytes {
  std::string bytes;
  bool whole;  ///< false when the gzip stream ends early
};

/// Throws FileError when the file cannot be read or its gzip is corrupt.
RawBytes inflate(const std::filesystem::path& path);

/// The content of the file `path` as IDX, whose data must have `rank` axes. Throws FileError when
/// it is not IDX, holds something else than bytes of that rank, or ends before or after what its
/// header promises.
IdxBytes parse_idx(const std::filesystem::path& path, const RawBytes& content, int rank);

}  // namespace nt
