#pragma once
// How the learning rate changes from step to step. Long steps get far, but end in circles around
// the goal, because every batch points elsewhere; so the steps become shorter on the way.

#include <cstdint>
#include <string_view>

namespace nt {

/// The share of the full rate at `step`, 0 .. steps-1: 1 at step 0.
using Schedule = float (*)(std::int64_t step, std::int64_t steps);

/// 1
float constant_rate(std::int64_t step, std::int64_t steps);

// Both would reach 0 at `steps`. Throw Error for a step that is none of them:
//   `schedule: step should be in [0, 500), found 500`
/// 1 - step / steps
float linear_rate(std::int64_t step, std::int64_t steps);
/// (1 + cos(pi step / steps)) / 2.   Loshchilov, Hutter, arXiv:1608.03983
float cosine_rate(std::int64_t step, std::int64_t steps);

/// The schedule of that name: constant, linear or cosine. Throws UsageError
///   `unknown schedule 'step': expected constant, linear or cosine`
Schedule find_schedule(std::string_view name);

}  // namespace nt
