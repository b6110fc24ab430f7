#pragma once

namespace nt {

/// Fills what stage 4 fills of the `naive` column, replaces stage 3's kernels by those that
/// broadcast, and fills what lies below. May be called again.
void install_broadcast();

}  // namespace nt
