#pragma once
// The oracle of every gradient: how much a function really changes when its input moves a little.
// It needs nothing but the function, so it shares no mistake with the derivative that it judges.

#include <functional>
#include <vector>

#include "core/array.hpp"
#include "core/random.hpp"
#include "tensor.hpp"

namespace nt {

/// A function of several host arrays that gives a single number.
using Scalar = std::function<double(const std::vector<HostArray>&)>;

/// dL along a direction: (L(x + h v) - L(x - h v)) / 2h, which is <dL/dx, v> up to h^2.
///   x and v: as many arrays, of the same shapes; h > 0
/// Throws ShapeError
///   `directional_difference: numbers of arrays differ: x are 2, v are 1`
///   `directional_difference: shapes differ: x is (2), v is (3)`
double directional_difference(const Scalar& loss, const std::vector<HostArray>& x,
                              const std::vector<HostArray>& v, float h);

/// A function of Tensors, as it is written for the model.
using TensorFunction = std::function<Tensor(const std::vector<Tensor>&)>;

/// How far the tape's gradient of f is from the finite difference. L = <dy, f(x)> for a random dy;
/// the difference along `directions` random directions v, at least one, divided by the length that
/// <dL/dx, v> has on the average, |dL/dx|, where that is not 0; the largest of them, NaN where one
/// is. Every input gets a gradient. On the chosen backend; throws what f and Tape::backward throw.
///
/// A long step shows how the function bends, an error that grows as h^2; a short one float32's
/// rounding of f, an error that grows as 1/h. The worst of the operations of gradient_cases.hpp on
/// both backends, 300 seeds: 1.8e-3 for h = 1e-2, 2.8e-4 for 4e-3, 3.4e-4 for 2e-3, 8.1e-4 for
/// 1e-3. With 3000 seeds 4e-3 gives no more.
double gradient_error(const TensorFunction& f, const std::vector<HostArray>& x, Random& random,
                      int directions = 3, float h = 4e-3F);

}  // namespace nt
