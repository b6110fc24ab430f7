#pragma once
// As many images as are asked for, from wherever they are. MNIST has enough for any course; of the
// project's own digits 2 000 and 1 000 are kept, and anybody may draw more.

#include <filesystem>
#include <string>

#include "core/paths.hpp"
#include "image_set.hpp"

namespace nt {

/// The images that were found, and where.
struct FoundImages {
  ImageSets sets;                ///< as many as were asked for, or all there are
  std::filesystem::path folder;  ///< that they come from

  /// Empty, or where there are fewer than were asked for, a line that says so:
  ///   `mnist has 60000 training and 10000 test images where 70000 and 1 are wanted`
  /// and for digits what mends it: `; `./learn data digits --count 70000` draws enough`.
  std::string shortage;
};

/// The folder below `data` with enough drawn digits: of its folders digits-N, as `./learn data
/// digits --count N` calls them, with N at least `count`, that with the smallest N; where all are
/// smaller, that with the largest. Empty where there is none.
std::filesystem::path drawn_digits(const std::filesystem::path& data, std::int64_t count);

/// The first `train` and `test` images of the data set of that name, found as read_image_sets
/// finds it. Where the digits that are kept are fewer, they come from the drawn_digits for as many,
/// a sixth of which are test images, if those are more; they are looked for in `drawn_in`. Never
/// refuses a number: see FoundImages::shortage. Throws FileError where a file is missing or
/// damaged.
FoundImages find_images(const std::string& name, std::int64_t train, std::int64_t test,
                        const std::filesystem::path& drawn_in = project_root() / "data");

}  // namespace nt
