#include "scratch_folder.hpp"

#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <memory>

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

std::filesystem::path ScratchFolder::write(const std::string& name, const Bytes& content) const {
  write_file(path_ / name, {reinterpret_cast<const char*>(content.data()), content.size()});
  return path_ / name;
}

std::filesystem::path ScratchFolder::pack(const std::string& name, const Bytes& content) const {
  std::filesystem::path path = path_ / name;
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "wb9"), &gzclose);
  const auto size = static_cast<unsigned>(content.size());
  const bool empty = size == 0;  // of which gzwrite writes 0, as it does when it fails
  if (!file || (!empty && gzwrite(file.get(), content.data(), size) == 0)) {
    throw FileError(path, "cannot be written");
  }
  return path;
}

}  // namespace nt
