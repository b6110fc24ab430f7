#include "frozen.hpp"

#include <fmt/format.h>
#include <pybind11/embed.h>
#include <pybind11/numpy.h>

#include <sstream>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/lsan_interface.h>
#endif

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"

namespace nt {
namespace {

namespace py = pybind11;

#if defined(__SANITIZE_ADDRESS__)
using IgnoredLeaks = __lsan::ScopedDisabler;  // Python and numpy keep much until the process ends
#else
struct [[maybe_unused]] IgnoredLeaks {};
#endif

/// Starts Python once, with the interpreter that CMake found to own numpy: left to itself, Python
/// would ask the first python3 on PATH where its library is. It is never shut down, since numpy
/// does not survive being loaded twice.
void start_python() {
  static const bool started = [] {
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.user_site_directory = 1;
    PyStatus status = PyConfig_SetBytesString(&config, &config.program_name, NT_PYTHON);
    if (PyStatus_Exception(status) == 0) status = Py_InitializeFromConfig(&config);
    PyConfig_Clear(&config);
    if (PyStatus_Exception(status) != 0) {
      throw Error(fmt::format("{}: Python does not start: {}", NT_PYTHON, status.err_msg));
    }
    return true;
  }();
  static_cast<void>(started);
}

Shape shape_of(const py::array& array) {
  return Shape(std::vector<std::int64_t>(array.shape(), array.shape() + array.ndim()));
}

/// The elements, row by row, as numbers of type T.
template <class T>
std::vector<T> values_of(const py::handle& array) {
  const auto rows = py::array_t<T, py::array::c_style | py::array::forcecast>::ensure(array);
  return std::vector<T>(rows.data(), rows.data() + rows.size());
}

template <class T>
const T& named(const std::map<std::string, T>& arrays, const std::string& name,
               const std::string& path, const char* kind) {
  const auto found = arrays.find(name);
  if (found != arrays.end()) return found->second;
  throw FileError(path, fmt::format("holds no {} array '{}'", kind, name));
}

}  // namespace

Frozen Frozen::open(const std::string& name) { return read(frozen_folder() / (name + ".npz")); }

Frozen Frozen::read(const std::filesystem::path& path) try {
  require_right_sum(path);
  const IgnoredLeaks ignored;
  start_python();
  Frozen frozen;
  frozen.path_ = shown(path);
  const py::object file = py::module_::import("numpy").attr("load")(path.string());
  for (const py::handle key : file.attr("files")) {
    const auto array = file[key].cast<py::array>();
    frozen.names_.push_back(key.cast<std::string>());
    if (array.dtype().kind() == 'f') {
      frozen.floats_[frozen.names_.back()] = {shape_of(array), values_of<float>(array)};
    } else {
      frozen.integers_[frozen.names_.back()] = {shape_of(array), values_of<std::int32_t>(array)};
    }
  }
  return frozen;
} catch (const py::error_already_set& error) {
  const std::string reason = error.what();  // a Python traceback follows the first line
  throw FileError(shown(path),
                  fmt::format("numpy cannot read it: {}", reason.substr(0, reason.find('\n'))));
}

const HostArray& Frozen::floats(const std::string& name) const {
  return named(floats_, name, path_, "float");
}

const HostIntegers& Frozen::integers(const std::string& name) const {
  return named(integers_, name, path_, "integer");
}

std::vector<std::pair<std::string, HostArray>> Frozen::group(std::string_view prefix) const {
  std::vector<std::pair<std::string, HostArray>> result;
  for (const std::string& name : names_) {
    if (name.starts_with(prefix)) result.emplace_back(name.substr(prefix.size()), floats(name));
  }
  return result;
}

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
  const IgnoredLeaks ignored;
  start_python();
  const auto view =
      py::memoryview::from_memory(bytes.data(), static_cast<py::ssize_t>(bytes.size()));
  return py::module_::import("hashlib")
      .attr("sha256")(view)
      .attr("hexdigest")()
      .cast<std::string>();
}

std::filesystem::path frozen_folder() { return project_root() / "reference/frozen"; }

}  // namespace nt
