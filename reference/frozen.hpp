#pragma once
// Reads what freeze.py wrote: numpy's own reader opens the .npz files, through pybind11. The files'
// SHA-256 sums are checked first, so that a damaged baseline cannot pass for PyTorch's.

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/array.hpp"

namespace nt {

/// Whole numbers from a frozen file, row by row: labels, orders, positions.
struct HostIntegers {
  Shape shape;
  std::vector<std::int32_t> values;
};

/// One frozen file: named arrays, in the order in which they were computed.
class Frozen {
 public:
  /// Reads reference/frozen/`name`.npz.
  static Frozen open(const std::string& name);

  /// Reads an .npz file. Throws FileError when it is missing, unreadable, or its sum is not the one
  /// in the SHA256SUMS beside it.
  static Frozen read(const std::filesystem::path& path);

  /// The array of that name. Throws FileError naming the file when there is none.
  const HostArray& floats(const std::string& name) const;
  const HostIntegers& integers(const std::string& name) const;

  /// All float arrays whose name begins with `prefix`, by the rest of their name, in file order.
  std::vector<std::pair<std::string, HostArray>> group(std::string_view prefix) const;

 private:
  std::string path_;
  std::vector<std::string> names_;
  std::map<std::string, HostArray> floats_;
  std::map<std::string, HostIntegers> integers_;
};

/// reference/frozen, where SHA256SUMS lists every file.
std::filesystem::path frozen_folder();

}  // namespace nt
