#include "terminal/curve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace nt {
namespace {

/// The curve squeezed or stretched to `width` numbers, each the mean of the steps it stands for.
std::vector<float> columns(const std::vector<float>& values, int width) {
  std::vector<float> result;
  const auto count = static_cast<std::ptrdiff_t>(values.size());
  for (std::ptrdiff_t column = 0; column < width; ++column) {
    const auto first = values.begin() + column * count / width;
    const auto last = std::max(first + 1, values.begin() + (column + 1) * count / width);
    result.push_back(std::accumulate(first, last, 0.0F) / static_cast<float>(last - first));
  }
  return result;
}

}  // namespace

std::string draw(const Curve& ours, const Curve& reference, int width, int height) {
  const std::vector<float> our_columns = columns(ours.values, width);
  const std::vector<float> reference_columns = columns(reference.values, width);
  float low = std::numeric_limits<float>::max();
  float high = std::numeric_limits<float>::lowest();
  for (const auto* curve : {&our_columns, &reference_columns}) {
    for (const float value : *curve) {
      if (!std::isfinite(value)) continue;
      low = std::min(low, value);
      high = std::max(high, value);
    }
  }
  if (low > high) low = high = 0;  // there is no number to show
  const float range = high > low ? high - low : 1.0F;

  std::vector<std::string> rows(static_cast<std::size_t>(height),
                                std::string(static_cast<std::size_t>(width), ' '));
  const auto place = [&](const std::vector<float>& curve, char mark) {
    for (std::size_t column = 0; column < curve.size(); ++column) {
      if (!std::isfinite(curve[column])) continue;
      const float from_top = (high - curve[column]) / range * static_cast<float>(height - 1);
      char& cell = rows[static_cast<std::size_t>(std::lround(from_top))][column];
      cell = cell == ' ' ? mark : '*';
    }
  };
  place(our_columns, 'o');
  place(reference_columns, '+');

  std::string text;
  for (int row = 0; row < height; ++row) {
    const float value = high - range * static_cast<float>(row) / static_cast<float>(height - 1);
    text += fmt::format("{:8.3f} |{}\n", value, rows[static_cast<std::size_t>(row)]);
  }
  text += fmt::format("{:8} +{}\n", "", std::string(static_cast<std::size_t>(width), '-'));
  text += fmt::format("{:10}step 1 to {}    o {}    + {}    * both\n", "", ours.values.size(),
                      ours.name, reference.name);
  return text;
}

}  // namespace nt
