#pragma once
// What the table of cases is asked, on one backend: whether its values are the trusted backend's,
// whether its derivatives are true, whether it keeps to its own memory, whether its errors say what
// they should. The answers are complaints, a line each; none is what everybody hopes for. A case
// that throws is complained about in the words of its error.

#include <string>
#include <vector>

#include "core/backend.hpp"
#include "error_cases.hpp"
#include "op_cases.hpp"

namespace nt {

/// Each begins with the case: `matmul of (2, 3), (3, 4): value differs by 0.5, relative`.
using Complaints = std::vector<std::string>;

/// max |a - b| / max(1, the largest |b|), infinite where the shapes differ, NaN where one is NaN.
double relative_difference(const HostArray& a, const HostArray& b);

/// gradient_error of f(x) + z with z = 0 beside the arguments x: its derivative is dy, so that the
/// error is relative to what an error is made of even where f is flat. On the chosen backend.
double slope_error(const TensorFunction& f, std::vector<HostArray> x, Random& random,
                   float h = 4e-3F);

/// The values on `backend` against those on kTrusted:
///   `...: value differs by 0.5, relative`
Complaints wrong_values(const std::vector<OpCase>& cases, Backend backend);

/// The derivatives of those that have one against finite differences:
///   `...: slope differs by 0.5, relative`
Complaints wrong_slopes(const std::vector<OpCase>& cases, Backend backend);

/// The gradient of every argument against kTrusted's:
///   `...: gradient of argument 1 differs by 0.5, relative`
Complaints wrong_gradients(const std::vector<OpCase>& cases, Backend backend);

/// The same values with every operand amid NaN, and all around unharmed; the last is for programs
/// with a guarded heap.
///   `...: value amid NaN differs by nan, relative`
///   `...: changes what lies around argument 1`
///   `...: writes outside its memory`
Complaints trespasses(const std::vector<OpCase>& cases, Backend backend);

/// Every error, word for word:
///   `matmul: should say 'matmul: ...', says '...'`
///   `matmul: should say 'matmul: ...', says nothing`
Complaints wrong_errors(const std::vector<ErrorCase>& cases, Backend backend);

}  // namespace nt
