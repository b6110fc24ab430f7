#pragma once
// For checks: files of bytes, plain and gzipped, in a scratch folder.

#include <zlib.h>

#include <memory>

#include "core/errors.hpp"
#include "core/scratch_folder.hpp"
#include "gzip.hpp"

namespace nt {

/// Writes a file into the folder and returns its path.
inline std::filesystem::path write(const ScratchFolder& folder, const std::string& name,
                                   const Bytes& content) {
  return folder.write(name, {reinterpret_cast<const char*>(content.data()), content.size()});
}

/// The same, gzipped.
inline std::filesystem::path pack(const ScratchFolder& folder, const std::string& name,
                                  const Bytes& content) {
  std::filesystem::path path = folder.path() / name;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "wb9"), &gzclose);
  const auto size = static_cast<unsigned>(content.size());
  const bool empty = size == 0;  // of which gzwrite writes 0, as it does when it fails
  if (!file || (!empty && gzwrite(file.get(), content.data(), size) == 0)) {
    throw FileError(path, "cannot be written");
  }
  return path;
}

}  // namespace nt
