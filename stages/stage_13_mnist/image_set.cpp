#include "image_set.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <string_view>

#include "core/errors.hpp"
#include "core/paths.hpp"
#include "dataset.hpp"

namespace nt {
namespace {

/// Throws Error unless there is an image at each of the positions.
void require_positions(const ImageSet& set, std::span<const std::int64_t> positions) {
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (positions[i] >= 0 && positions[i] < set.count()) continue;
    throw Error(
        fmt::format("images: position {} is {}: there are {}", i, positions[i], set.count()));
  }
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& wanted,
                         const IdxArray& found) {
  throw FileError(shown(path), fmt::format("not {}, found {} of shape {}", wanted, name(found.type),
                                           found.shape.text()));
}

ImageSet decode_images(const std::filesystem::path& path, Bytes content) {
  IdxArray idx = decode_idx(shown(path), std::move(content));
  const Shape& shape = idx.shape;
  if (idx.type != IdxType::uint8 || shape.rank() != 3 || shape[1] != shape[2] || shape[1] == 0) {
    refuse(path, "images: they are bytes of shape (count, side, side)", idx);
  }
  return {shape, std::move(idx.bytes), {}};
}

Labels decode_labels(const std::filesystem::path& path, Bytes content, std::int64_t count) {
  const IdxArray idx = decode_idx(shown(path), std::move(content));
  if (idx.type != IdxType::uint8 || idx.shape != Shape{count}) {
    refuse(path, fmt::format("labels: they are bytes of shape ({})", count), idx);
  }
  return {idx.bytes.begin(), idx.bytes.end()};
}

/// The published files `<prefix>-images-idx3-ubyte.gz` and `<prefix>-labels-idx1-ubyte.gz`.
ImageSet read_published(const DataFolder& data, const std::string& prefix,
                        const std::filesystem::path& cache) {
  const std::string images = prefix + "-images-idx3-ubyte", labels = prefix + "-labels-idx1-ubyte";
  const auto content = [&](const std::string& raw_name) {
    Bytes raw = read_unpacked(data.path(raw_name), cache).content;
    require_published(data, raw_name, {reinterpret_cast<const char*>(raw.data()), raw.size()});
    return raw;
  };
  ImageSet set = decode_images(data.path(images), content(images));
  set.labels = decode_labels(data.path(labels), content(labels), set.count());
  return set;
}

}  // namespace

HostArray images_at(const ImageSet& set, std::span<const std::int64_t> positions) {
  require_positions(set, positions);
  const std::int64_t S = set.shape[1];
  HostArray images{{std::ssize(positions), 1, S, S}, {}};
  images.values.reserve(static_cast<std::size_t>(images.shape.count()));
  // exercise 13.5: the pixels of one image after the other, each from 0 .. 255 to -1 .. 1
  for (const std::int64_t position : positions) {
    const std::uint8_t* image = set.pixels.data() + position * S * S;
    for (std::int64_t pixel = 0; pixel < S * S; ++pixel) {
      images.values.push_back((static_cast<float>(image[pixel]) / 255.0F - 0.5F) / 0.5F);
    }
  }
  return images;
  // end exercise
}

Labels labels_at(const ImageSet& set, std::span<const std::int64_t> positions) {
  require_positions(set, positions);
  if (set.labels.empty() && !positions.empty()) throw Error("images: their labels are not known");
  Labels labels;
  for (const std::int64_t position : positions) {
    labels.push_back(set.labels[static_cast<std::size_t>(position)]);
  }
  return labels;
}

ImageSet first(const ImageSet& set, std::int64_t count) {
  if (count < 0 || count > set.count()) {
    throw Error(fmt::format("images: there are {}, asked for the first {}", set.count(), count));
  }
  ImageSet part{{count, set.shape[1], set.shape[2]}, {}, {}};
  part.pixels.assign(set.pixels.begin(), set.pixels.begin() + part.shape.count());
  if (!set.labels.empty()) part.labels.assign(set.labels.begin(), set.labels.begin() + count);
  return part;
}

Brightness brightness(const ImageSet& set) {
  // exercise 13.6: how often each grey comes; then the sums of x and of x squared, in whole numbers
  std::array<std::int64_t, 256> times{};
  for (const std::uint8_t grey : set.pixels) ++times[grey];
  std::int64_t sum = 0, squares = 0;
  for (std::int64_t grey = 0; grey < 256; ++grey) {
    sum += times[static_cast<std::size_t>(grey)] * grey;
    squares += times[static_cast<std::size_t>(grey)] * grey * grey;
  }
  const auto n = static_cast<double>(set.pixels.size());
  const double mean = static_cast<double>(sum) / n;
  const double variance = static_cast<double>(squares) / n - mean * mean;
  return {mean / 255, std::sqrt(variance) / 255};
  // end exercise
}

ImageSet read_images(const std::filesystem::path& images, const std::filesystem::path& labels,
                     const std::filesystem::path& cache) {
  ImageSet set = decode_images(images, read_unpacked(images, cache).content);
  if (!labels.empty()) {
    set.labels = decode_labels(labels, read_unpacked(labels, cache).content, set.count());
  }
  return set;
}

ImageSets read_image_sets(const std::string& wanted, const std::filesystem::path& cache) {
  const DataFolder data = find_data(wanted);
  ImageSet train = read_published(data, "train", cache);
  return {data.name, std::move(train), read_published(data, "t10k", cache)};
}

}  // namespace nt
