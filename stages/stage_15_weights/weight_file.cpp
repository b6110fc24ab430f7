#include "weight_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace nt {
namespace {

double differing_bits(const HostArray& a, const HostArray& b) {
  double count = 0;
  for (std::size_t i = 0; i < a.values.size(); ++i) {
    const bool same =
        std::bit_cast<std::uint32_t>(a.values[i]) == std::bit_cast<std::uint32_t>(b.values[i]);
    if (!same) ++count;
  }
  return count;
}

}  // namespace

double differing(const NamedArrays& a, const NamedArrays& b) {
  double count = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const bool both = i < a.size() && i < b.size() && a[i].first == b[i].first &&
                      a[i].second.shape == b[i].second.shape;
    if (both) {
      count += differing_bits(a[i].second, b[i].second);
    } else {
      count += static_cast<double>((i < a.size() ? a : b)[i].second.values.size());
    }
  }
  return count;
}

std::string number_problem(const std::string& name, const HostArray& array) {
  const auto& values = array.values;
  const auto wrong =
      std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
  if (wrong == values.end()) return "";
  return fmt::format("'{}' holds {} at {}", name, *wrong, wrong - values.begin());
}

void require_name(const JsonReader& json, const std::string& name) {
  const auto visible = [](char letter) { return letter > ' ' && letter <= '~'; };
  if (!name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), visible)) return;
  json.fail("a name should be 1 to 200 letters, digits and signs");
}

Shape read_shape(JsonReader& json) {
  constexpr std::size_t kMostAxes = 8;
  std::vector<std::int64_t> sizes;
  json.array([&] {
    if (sizes.size() == kMostAxes) json.fail(fmt::format("more than {} axes", kMostAxes));
    sizes.push_back(json.number<std::int64_t>());
  });
  try {
    return Shape(sizes);
  } catch (const ShapeError& error) {
    json.fail(error.what());
  }
}

}  // namespace nt
