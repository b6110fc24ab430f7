#pragma once
// Operands that lie in the middle of something. A kernel that reads past its operand's end, forgets
// its offset or takes its strides for those of a copy finds NaN there, and NaN does not go away in
// an operation; one that writes past its end changes what lies around.

#include "core/array.hpp"

namespace nt {

/// The elements of x amid NaN: one before and one behind along every axis; a single number amid
/// two.   (2, 3) -> (4, 5); () -> (3)
HostArray amid_nan(const HostArray& x);

/// A larger array on the chosen backend, and an operand cut out of its middle.
struct Surrounded {
  explicit Surrounded(const HostArray& x);

  /// Whether the numbers are still those that were there at the beginning.
  bool is_unharmed() const;

  HostArray before;  ///< amid_nan(x)
  Array whole;       ///< the same, on the backend
  Array operand;     ///< x, cut out by slices: a view where the backend has views
};

}  // namespace nt
