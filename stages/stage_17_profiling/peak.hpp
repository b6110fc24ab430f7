#pragma once
// The limit of the machine, measured: products and sums of numbers that are in registers already.
// No product of matrices can be faster, since each of its steps is one of these. The best kernels
// of this processor are taken, whichever are chosen; on one without AVX2 they are plain C++, and
// what a compiler makes of a product may then be faster than the measure.

#include <vector>

#include "kernels.hpp"

namespace nt {

/// Multiplies and adds for some 100 microseconds on one thread, or some more on each of the fast
/// backend's threads where `threads` is not 1.
void run_peak(int threads);

/// The floating-point operations of such a run.
double peak_flop(int threads);

}  // namespace nt
