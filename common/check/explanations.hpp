#pragma once
// The explanations that diagnose() tries, one for each mistake, and what they share. Internal to
// common/check: everyone else calls diagnose().

#include <optional>
#include <string>
#include <vector>

#include "core/array.hpp"

namespace nt::explain {

/// A comparison that failed: somewhere the difference exceeds the tolerance, or the shapes differ.
struct Failure {
  const HostArray& actual;
  const HostArray& expected;
  double tolerance;
  bool same_shape;
  double gap;  ///< the largest difference; infinite when the shapes differ
};

/// One sentence for a learner, or nothing where the mistake is another.
using Explanation = std::optional<std::string>;

/// NaN or an infinity where a finite number is expected.
Explanation not_finite(const Failure& failure);

/// Zeros throughout: the result was not written, or no gradient arrived.
Explanation all_zero(const Failure& failure);

/// The last two axes swapped: in the values and, unless it stays the same, in the shape.
Explanation transposed(const Failure& failure);

/// The right values, row by row, under another shape.
Explanation wrong_shape(const Failure& failure);

/// The expected elements with the axes in another order: a view's buffer read from front to back.
Explanation memory_order(const Failure& failure);

/// A gradient that still has the axes along which its operand was broadcast.
Explanation missing_sum(const Failure& failure);

/// Every element times the same number: a sign, an accumulation, a sum against a mean.
Explanation constant_factor(const Failure& failure);

/// Every element plus the same number.
Explanation constant_offset(const Failure& failure);

/// Rows that should be probabilities and do not sum to 1.
Explanation rows_not_normalized(const Failure& failure);

/// Whether `found` is what a mistake would give: to `slack`, which is the tolerance as the mistake
/// scales it, and to a tenth of the gap, lest a change near the tolerance look like any mistake.
bool accounts_for(const std::vector<double>& suspected, const std::vector<float>& found,
                  double slack, const Failure& failure);

bool any_nonzero(const HostArray& array);

/// Whether the finite elements differ by more than noise. Where they do not, a factor cannot be
/// told from an offset, nor one order of the elements from another.
bool varies(const HostArray& array, double tolerance);

/// "axis 1", "axes 0 and 2", "axes 0, 1 and 2".
std::string axes_text(const Axes& axes);

}  // namespace nt::explain
