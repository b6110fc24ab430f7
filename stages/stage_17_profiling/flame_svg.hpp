#pragma once
// A profile drawn: time goes to the right, and what a call calls itself hangs below it. Where the
// bar at the top has nothing below it, the program was outside the table. Below stands what each
// row comes to, which is also the key to the colours.
// After Gregg, "The flame graph", Communications of the ACM 59 (2016), hanging down; his are sorted
// by name, this one keeps the order of time, as Chrome's does.

#include "spans.hpp"

namespace nt {

/// An SVG for light and dark pages. A bar that is too narrow for its name has it in its <title>,
/// which browsers show under the pointer.   The profile's name holds no `<` and no `&`.
std::string flame_svg(const Profile& profile);

}  // namespace nt
