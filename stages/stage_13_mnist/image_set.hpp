#pragma once
// Images with what they show, as training reads them: the bytes stay as the file has them, and only
// the batch that is wanted becomes floats.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/array.hpp"
#include "data_cache.hpp"
#include "gradient_rows.hpp"

namespace nt {

/// N images of S x S grey bytes, and their labels.
struct ImageSet {
  Shape shape;                       ///< (N, S, S)
  std::vector<std::uint8_t> pixels;  ///< shape.count() of them, row by row
  Labels labels;                     ///< (N), or empty where they are not known

  std::int64_t count() const { return shape[0]; }
};

/// The images at these positions: (positions, 1, S, S), normalised from -1 (black) to 1 (white):
///   (x / 255 - 0.5) / 0.5
/// Throws Error  `images: position 1 is 1000: there are 1000`.
HostArray images_at(const ImageSet& set, std::span<const std::int64_t> positions);

/// Their labels, (positions). Throws the same, and Error `images: their labels are not known`.
Labels labels_at(const ImageSet& set, std::span<const std::int64_t> positions);

/// The first `count` images and their labels. Throws Error
///   `images: there are 1000, asked for the first 1001`.
ImageSet first(const ImageSet& set, std::int64_t count);

/// Mean and standard deviation of all pixels, each from 0 (black) to 1 (white).
struct Brightness {
  double mean;
  double deviation;  ///< the root of the mean square of x - mean
};

/// Of a set with a pixel or more. Sums of whole numbers, so nothing is rounded before the end.
Brightness brightness(const ImageSet& set);

/// IDX files of images (bytes of rank 3, as many rows as columns) and, unless that path is empty,
/// of labels (bytes of rank 1, one an image), plain or gzipped; see read_unpacked for `cache`.
/// Throws FileError, besides what reading does,
///   `x.gz: not images: they are bytes of shape (count, side, side), found int16 of shape (2, 3)`
///   `x.gz: not labels: they are bytes of shape (1000), found uint8 of shape (999)`.
ImageSet read_images(const std::filesystem::path& images, const std::filesystem::path& labels = {},
                     const std::filesystem::path& cache = cache_folder());

/// A data set as it is published: 60 000 and 10 000 images of MNIST, 2 000 and 1 000 digits.
struct ImageSets {
  std::string name;  ///< "digits" or "mnist", as the frozen files are called
  ImageSet train;
  ImageSet test;
};

/// The data set of that name, found as the reference finds it (find_data): an empty name takes
/// MNIST where it is present, the digits where not. Throws FileError where a file is missing or
/// damaged, or does not have the published SHA-256 sum.
ImageSets read_image_sets(const std::string& name,
                          const std::filesystem::path& cache = cache_folder());

}  // namespace nt
