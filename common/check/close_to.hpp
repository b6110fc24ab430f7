#pragma once
// The matcher with which checks compare arrays: CHECK_THAT(actual, close_to(expected, 1e-5F)). A
// failure is told by compare(): the likely mistake first, then the numbers.

#include <optional>
#include <string>

#include "check/catch.hpp"
#include "core/array.hpp"

namespace nt {

/// Keeps copies of what it is given, so it may outlive them.
class CloseTo final : public Matcher<HostArray> {
 public:
  CloseTo(HostArray expected, float tolerance)
      : expected_(std::move(expected)), tolerance_(tolerance) {}

  /// For a result computed from views: `result` is what the same operation gave for contiguous
  /// copies of its operands. Where that one is right, a failure says that the strides are at fault.
  CloseTo on_contiguous(HostArray result) const;
  CloseTo on_contiguous(const Array& result) const { return on_contiguous(result.host()); }

  bool match(const HostArray& actual) const override;
  bool match(const Array& actual) const;
  std::string describe() const override;

 private:
  HostArray expected_;
  float tolerance_;
  std::optional<HostArray> on_contiguous_;
  mutable std::string
      report_;  ///< of the last match; Catch2 asks for it after match() has returned
};

inline CloseTo close_to(HostArray expected, float tolerance) {
  return {std::move(expected), tolerance};
}
inline CloseTo close_to(const Array& expected, float tolerance) {
  return {expected.host(), tolerance};
}

}  // namespace nt
