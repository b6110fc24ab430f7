#include "dataset.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <numeric>

#include "core/errors.hpp"
#include "core/paths.hpp"
#include "sums.hpp"

namespace nt {
namespace {

constexpr std::int64_t kSide = 28;  // pixels

/// What $NANO_TORCH_MNIST names; empty where it names nothing.
std::filesystem::path named_folder() {
  const char* folder = std::getenv("NANO_TORCH_MNIST");
  return folder == nullptr ? "" : folder;
}

bool holds_images(const std::filesystem::path& folder) {
  return std::filesystem::exists(folder / "train-images-idx3-ubyte.gz");
}

/// An IDX file whose content has the published sum.
IdxBytes read_verified(const DataFolder& data, const std::string& raw_name, int rank) {
  const std::filesystem::path path = data.path(raw_name);
  const RawBytes raw = inflate(path);
  IdxBytes idx = parse_idx(path, raw, rank);  // first: it says best what is wrong
  require_published(data, raw_name, raw.bytes);
  return idx;
}

LabelledImages read_pair(const DataFolder& data, const std::string& prefix) {
  LabelledImages pair;
  pair.images = read_verified(data, prefix + "-images-idx3-ubyte", 3);
  const IdxBytes labels = read_verified(data, prefix + "-labels-idx1-ubyte", 1);
  pair.labels.assign(labels.values.begin(), labels.values.end());
  return pair;
}

}  // namespace

HostArray LabelledImages::normalised(const std::vector<std::int32_t>& positions) const {
  HostArray result{{static_cast<std::int64_t>(positions.size()), 1, kSide, kSide}, {}};
  result.values.reserve(positions.size() * kSide * kSide);
  for (const std::int32_t position : positions) {
    const auto first = images.values.begin() + position * kSide * kSide;
    for (auto pixel = first; pixel != first + kSide * kSide; ++pixel) {
      result.values.push_back((static_cast<float>(*pixel) / 255.0F - 0.5F) / 0.5F);
    }
  }
  return result;
}

std::vector<std::int32_t> LabelledImages::labels_at(
    const std::vector<std::int32_t>& positions) const {
  std::vector<std::int32_t> result;
  result.reserve(positions.size());
  for (const std::int32_t position : positions) {
    result.push_back(labels[static_cast<std::size_t>(position)]);
  }
  return result;
}

std::filesystem::path DataFolder::path(const std::string& raw_name) const {
  return folder / (raw_name + ".gz");
}

DataFolder find_data(const std::string& wanted) {
  const std::filesystem::path named = named_folder();
  const std::filesystem::path mnist = named.empty() ? project_root() / "data/mnist" : named;
  DataFolder data;
  data.name = !wanted.empty() ? wanted : holds_images(mnist) || !named.empty() ? "mnist" : "digits";
  data.folder = data.name == "mnist" ? mnist : project_root() / "data/digits";
  if (!holds_images(data.folder)) {
    throw FileError(shown(data.folder),
                    data.name == "mnist"
                        ? "MNIST is not here: `./learn data mnist` downloads it into data/mnist, "
                          "or $NANO_TORCH_MNIST names its folder"
                        : "the digits are missing; `git checkout data/digits` restores them");
  }
  return data;
}

void require_published(const DataFolder& data, const std::string& raw_name, std::string_view raw) {
  const std::string expected =
      listed_sum(project_root() / "data" / (data.name + ".sha256"), raw_name);
  const std::string found = sha256(raw);
  if (found == expected) return;
  throw FileError(shown(data.path(raw_name)),
                  fmt::format("not the published file: the SHA-256 of its content should be {}, "
                              "found {}",
                              expected, found));
}

DataSet load_data(const std::string& wanted) {
  const DataFolder data = find_data(wanted);
  return {data.name, data.folder, read_pair(data, "train"), read_pair(data, "t10k")};
}

std::vector<std::int32_t> range(std::int32_t start, std::int32_t stop) {
  std::vector<std::int32_t> positions(static_cast<std::size_t>(stop - start));
  std::iota(positions.begin(), positions.end(), start);
  return positions;
}

}  // namespace nt
