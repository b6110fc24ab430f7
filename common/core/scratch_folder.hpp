#pragma once
// A folder for files that are gone when the program ends: what checks read and write, and a cache
// that is sure to be empty.

#include <filesystem>
#include <string>
#include <string_view>

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

  /// Writes a file into it and returns its path. Throws as write_file does.
  std::filesystem::path write(const std::string& name, std::string_view content) const;

 private:
  std::filesystem::path path_;
};

}  // namespace nt
