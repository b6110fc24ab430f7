#include "confusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/errors.hpp"

namespace nt {
namespace {

/// Throws Error for a number that names no class.
void require_classes(const char* what, const std::vector<std::int32_t>& numbers,
                     std::int64_t classes) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] >= 0 && numbers[i] < classes) continue;
    throw Error(
        fmt::format("confusion: {} {} is {}: there are {} classes", what, i, numbers[i], classes));
  }
}

}  // namespace

std::int64_t ConfusionMatrix::images_of(std::int64_t label) const {
  const auto row = counts.begin() + label * classes;
  return std::accumulate(row, row + classes, std::int64_t{0});
}

std::int64_t ConfusionMatrix::read_as(std::int64_t read) const {
  std::int64_t sum = 0;
  for (std::int64_t label = 0; label < classes; ++label) sum += at(label, read);
  return sum;
}

std::int64_t ConfusionMatrix::right() const {
  std::int64_t sum = 0;
  for (std::int64_t label = 0; label < classes; ++label) sum += at(label, label);
  return sum;
}

std::int64_t ConfusionMatrix::images() const {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

ConfusionMatrix confusion_of(const std::vector<std::int32_t>& read, const Labels& labels,
                             std::int64_t classes) {
  if (read.size() != labels.size()) {
    throw Error(
        fmt::format("confusion: there are {} answers and {} labels", read.size(), labels.size()));
  }
  require_classes("answer", read, classes);
  require_classes("label", labels, classes);
  // exercise 18.1: one more at the row of the label and the column of the answer, for every image
  ConfusionMatrix matrix{classes, {}};
  matrix.counts.resize(static_cast<std::size_t>(classes * classes));
  for (std::size_t i = 0; i < read.size(); ++i) {
    ++matrix.counts[static_cast<std::size_t>(labels[i] * classes + read[i])];
  }
  return matrix;
  // end exercise
}

std::vector<Confused> most_confused(const ConfusionMatrix& matrix, std::size_t most) {
  // exercise 18.2: all cells beside the diagonal that are not 0, the largest first, so many of them
  std::vector<Confused> kinds;
  for (std::int64_t label = 0; label < matrix.classes; ++label) {
    for (std::int64_t read = 0; read < matrix.classes; ++read) {
      const std::int64_t images = matrix.at(label, read);
      if (label != read && images > 0) kinds.push_back({label, read, images});
    }
  }
  std::ranges::stable_sort(kinds, std::greater(), &Confused::images);
  kinds.resize(std::min(kinds.size(), most));  // NOLINT: shrinks only
  return kinds;
  // end exercise
}

}  // namespace nt
