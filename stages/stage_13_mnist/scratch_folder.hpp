#pragma once
// A folder for files that are gone when the program ends: what checks read, and a cache that is
// sure to be empty.

#include <filesystem>
#include <string>

#include "gzip.hpp"

namespace nt {

/// A new folder among the system's temporary ones; removed with all that is in it.
class ScratchFolder {
 public:
  /// Throws FileError where none can be made.
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

  /// Writes a file into it and returns its path; `pack` gzips the content.
  std::filesystem::path write(const std::string& name, const Bytes& content) const;
  std::filesystem::path pack(const std::string& name, const Bytes& content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace nt
