#pragma once
// The two data sets, read by the trusted reader: the project's own digits, and MNIST where it is.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/array.hpp"
#include "idx.hpp"

namespace nt {

/// Images of 28 x 28 grey bytes and what they show.
struct LabelledImages {
  IdxBytes images;                   ///< (count, 28, 28)
  std::vector<std::int32_t> labels;  ///< (count), 0 to 9

  /// The images at these positions, (positions, 1, 28, 28), normalised as the baseline does:
  /// (x / 255 - 0.5) / 0.5, from -1 (black) to 1 (white).
  HostArray normalised(const std::vector<std::int32_t>& positions) const;

  /// Their labels.
  std::vector<std::int32_t> labels_at(const std::vector<std::int32_t>& positions) const;
};

/// Where a data set is.
struct DataFolder {
  std::string name;  ///< "digits" or "mnist", as the frozen files are called
  std::filesystem::path folder;

  /// The gzipped file of which `raw_name` is the content: folder / "train-labels-idx1-ubyte.gz".
  std::filesystem::path path(const std::string& raw_name) const;
};

/// Finds the data set of that name; an empty name takes MNIST where it is present (in
/// $NANO_TORCH_MNIST or data/mnist/), the digits where not. Throws FileError when it is not there.
DataFolder find_data(const std::string& name);

/// Throws FileError unless `raw`, header and all, has the SHA-256 sum that is published for the
/// content `raw_name` of this data set.
void require_published(const DataFolder& data, const std::string& raw_name, std::string_view raw);

struct DataSet {
  std::string name;  ///< as DataFolder's
  std::filesystem::path folder;
  LabelledImages train;
  LabelledImages test;
};

/// Reads the data set that find_data finds. Throws FileError when a file is missing, damaged, or
/// not what was published.
DataSet load_data(const std::string& name);

/// The positions start .. stop-1.
std::vector<std::int32_t> range(std::int32_t start, std::int32_t stop);

}  // namespace nt
