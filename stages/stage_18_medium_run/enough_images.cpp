#include "enough_images.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "dataset.hpp"

namespace nt {
namespace {

namespace fs = std::filesystem;

/// The N of a folder that is called digits-N; 0 for others.
std::int64_t drawn_count(const fs::path& folder) {
  const std::string name = folder.filename(), prefix = "digits-";
  std::int64_t count = 0;
  if (!name.starts_with(prefix) || !fs::is_directory(folder)) return 0;
  const auto [end, error] =
      std::from_chars(name.data() + prefix.size(), name.data() + name.size(), count);
  return error == std::errc() && end == name.data() + name.size() ? count : 0;
}

ImageSet read_drawn(const fs::path& folder, const std::string& prefix) {
  return read_images(folder / (prefix + "-images-idx3-ubyte.gz"),
                     folder / (prefix + "-labels-idx1-ubyte.gz"));
}

/// What is missing. `./learn data digits` draws a sixth of the count to test with.
std::string shortage_of(const ImageSets& sets, std::int64_t train, std::int64_t test) {
  if (sets.train.count() >= train && sets.test.count() >= test) return "";
  const std::string more = sets.name != "digits"
                               ? ""
                               : fmt::format("; `./learn data digits --count {}` draws enough",
                                             std::max(train, 6 * test));
  return fmt::format("{} has {} training and {} test images where {} and {} are wanted{}",
                     sets.name, sets.train.count(), sets.test.count(), train, test, more);
}

}  // namespace

fs::path drawn_digits(const fs::path& data, std::int64_t count) {
  std::map<std::int64_t, fs::path> drawn;
  for (const fs::directory_entry& entry : fs::directory_iterator(data)) {
    if (const std::int64_t size = drawn_count(entry.path()); size > 0) drawn[size] = entry.path();
  }
  if (drawn.empty()) return {};
  const auto enough = drawn.lower_bound(count);
  return enough != drawn.end() ? enough->second : drawn.rbegin()->second;
}

FoundImages find_images(const std::string& name, std::int64_t train, std::int64_t test,
                        const fs::path& drawn_in) {
  const DataFolder data = find_data(name);
  FoundImages found{read_image_sets(data.name), data.folder, {}};
  ImageSets& sets = found.sets;
  if (data.name == "digits" && (sets.train.count() < train || sets.test.count() < test)) {
    const fs::path larger = drawn_digits(drawn_in, std::max(train, 6 * test));
    if (drawn_count(larger) > sets.train.count()) {
      found.folder = larger;
      sets = {data.name, read_drawn(larger, "train"), read_drawn(larger, "t10k")};
    }
  }
  found.shortage = shortage_of(sets, train, test);
  sets.train = first(sets.train, std::min(train, sets.train.count()));
  sets.test = first(sets.test, std::min(test, sets.test.count()));
  return found;
}

}  // namespace nt
