#include "core/scratch_folder.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/errors.hpp"
#include "core/files.hpp"

namespace nt {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "nt_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw FileError(name, std::string("cannot be created: ") + std::strerror(errno));
  }
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;  // nothing can be done about what cannot be removed
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path ScratchFolder::write(const std::string& name,
                                           std::string_view content) const {
  write_file(path_ / name, content);
  return path_ / name;
}

}  // namespace nt
