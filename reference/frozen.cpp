#include "frozen.hpp"

#include <fmt/format.h>
#include <pybind11/numpy.h>

#include "core/errors.hpp"
#include "core/paths.hpp"
#include "python.hpp"
#include "sums.hpp"

namespace nt {
namespace {

namespace py = pybind11;

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
  const PythonScope python;
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
  const PythonScope python;
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

std::filesystem::path frozen_folder() { return project_root() / "reference/frozen"; }

}  // namespace nt
