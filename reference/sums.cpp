#include "sums.hpp"

#include <fmt/format.h>

#include <sstream>

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "python.hpp"

namespace nt {

std::map<std::string, std::string> listed_sums(const std::filesystem::path& sums) {
  std::map<std::string, std::string> listed;
  std::istringstream lines(read_file(sums));
  std::string line;
  while (std::getline(lines, line)) {
    if (line.size() > 66) listed[line.substr(66)] = line.substr(0, 64);
  }
  return listed;
}

std::string listed_sum(const std::filesystem::path& sums, const std::string& file) {
  const auto listed = listed_sums(sums);
  const auto found = listed.find(file);
  if (found != listed.end()) return found->second;
  throw FileError(shown(sums), fmt::format("lists no SHA-256 sum for '{}'", file));
}

const std::filesystem::path& require_right_sum(const std::filesystem::path& path) {
  const std::string expected = listed_sum(path.parent_path() / "SHA256SUMS", path.filename());
  const std::string found = sha256(read_file(path));
  if (found == expected) return path;
  throw FileError(shown(path), fmt::format("damaged: its SHA-256 should be {}, found {}; `git "
                                           "checkout reference/frozen` restores it",
                                           expected, found));
}

std::string sha256(std::string_view bytes) {
  const PythonScope python;
  namespace py = pybind11;
  const auto view =
      py::memoryview::from_memory(bytes.data(), static_cast<py::ssize_t>(bytes.size()));
  return py::module_::import("hashlib")
      .attr("sha256")(view)
      .attr("hexdigest")()
      .cast<std::string>();
}

}  // namespace nt
