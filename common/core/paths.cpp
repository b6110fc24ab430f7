#include "core/paths.hpp"

namespace nt {

std::filesystem::path project_root() { return NT_PROJECT_ROOT; }  // set in common/CMakeLists.txt

std::string shown(const std::filesystem::path& path) {
  const std::filesystem::path relative = path.lexically_relative(project_root());
  const bool below = !relative.empty() && *relative.begin() != "..";
  return (below ? relative : path).string();
}

}  // namespace nt
