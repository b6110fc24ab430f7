#include "schedule.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "core/errors.hpp"

namespace nt {
namespace {

/// The part of all steps that lies behind, from 0 to less than 1.
double part_done(std::int64_t step, std::int64_t steps) {
  if (step < 0 || step >= steps) {
    throw Error(fmt::format("schedule: step should be in [0, {}), found {}", steps, step));
  }
  return static_cast<double>(step) / static_cast<double>(steps);
}

}  // namespace

float constant_rate(std::int64_t /*step*/, std::int64_t /*steps*/) { return 1; }

float linear_rate(std::int64_t step, std::int64_t steps) {
  return static_cast<float>(1 - part_done(step, steps));
}

float cosine_rate(std::int64_t step, std::int64_t steps) {
  // exercise 11.4: half a wave of the cosine, from 1 down to 0
  const double angle = std::numbers::pi * part_done(step, steps);
  const double wave = std::cos(angle);  // from 1 down to -1
  return static_cast<float>((1 + wave) / 2);
  // end exercise
}

Schedule find_schedule(std::string_view name) {
  if (name == "constant") return constant_rate;
  if (name == "linear") return linear_rate;
  if (name == "cosine") return cosine_rate;
  throw UsageError(fmt::format("unknown schedule '{}': expected constant, linear or cosine", name));
}

}  // namespace nt
