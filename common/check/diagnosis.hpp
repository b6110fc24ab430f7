#pragma once
// From wrong numbers to the mistake that makes them. Each explanation recognises one mistake by the
// trace it leaves; the first that fits is told. It must account for every element, and for nearly
// all of the difference: no explanation is better than a wrong one.

#include <optional>
#include <string>

#include "core/array.hpp"

namespace nt {

/// The likely mistake in one sentence, or nothing when none is recognised or `actual` is close.
std::optional<std::string> diagnose(const HostArray& actual, const HostArray& expected,
                                    float tolerance);

}  // namespace nt
