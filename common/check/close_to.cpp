#include "check/close_to.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "check/compare.hpp"

namespace nt {
namespace {

/// The shape and the first few values, short enough for a line: `(2, 4) {1, 2, 3, 4, ...}`.
std::string preview(const HostArray& array) {
  const bool whole = array.values.size() <= 6;
  const auto last = whole ? array.values.end() : array.values.begin() + 4;
  return fmt::format("{} {{{:.4g}{}}}", array.shape.text(),
                     fmt::join(array.values.begin(), last, ", "), whole ? "" : ", ...");
}

}  // namespace

CloseTo CloseTo::on_contiguous(HostArray result) const {
  CloseTo matcher = *this;
  matcher.on_contiguous_ = std::move(result);
  return matcher;
}

bool CloseTo::match(const HostArray& actual) const {
  const Comparison comparison = on_contiguous_
                                    ? compare(actual, expected_, tolerance_, *on_contiguous_)
                                    : compare(actual, expected_, tolerance_);
  report_ = comparison.report;
  return comparison.close;
}

bool CloseTo::match(const Array& actual) const {
  if (actual) return match(actual.host());
  report_ = "actual is an empty handle: it refers to no data";
  return false;
}

std::string CloseTo::describe() const {
  if (report_.empty()) return fmt::format("is within {} of {}", tolerance_, preview(expected_));
  return fmt::format("is within {} of the expected\n{}", tolerance_, report_);
}

}  // namespace nt

std::string Catch::StringMaker<nt::Shape>::convert(const nt::Shape& shape) { return shape.text(); }

std::string Catch::StringMaker<nt::HostArray>::convert(const nt::HostArray& array) {
  return nt::preview(array);
}

std::string Catch::StringMaker<nt::Array>::convert(const nt::Array& array) {
  return array ? nt::preview(array.host()) : "an empty handle";
}
