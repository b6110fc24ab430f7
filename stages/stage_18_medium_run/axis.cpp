#include "axis.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/errors.hpp"

namespace nt {

double AxisScale::operator()(double value) const {
  return start + (value - low) / (high - low) * (end - start);
}

std::vector<double> axis_marks(double low, double high, int most) {
  if (!(low < high) || !std::isfinite(low) || !std::isfinite(high)) {
    throw Error(fmt::format("axis: from {} to {}: expected a number and a larger one", low, high));
  }
  if (most < 2) throw Error(fmt::format("axis: at most {} marks: expected 2 or more", most));
  // exercise 18.3: try the steps 1, 2, 5, 10, ... times a power of ten until there are few enough
  constexpr double kSlack = 1e-9;  // of a step: 0.3 / 0.1 is a little below 3
  for (double power = std::pow(10, std::floor(std::log10((high - low) / most)));; power *= 10) {
    for (const double step : {power, 2 * power, 5 * power}) {
      const double first = std::ceil(low / step - kSlack);
      const double last = std::floor(high / step + kSlack);
      if (last - first + 1 > most) continue;
      std::vector<double> marks;
      for (double mark = first; mark <= last; ++mark) marks.push_back(mark * step);
      return marks;
    }
  }
  // end exercise
}

std::string mark_text(double mark) { return fmt::format("{:.6g}", mark == 0 ? 0 : mark); }

}  // namespace nt
