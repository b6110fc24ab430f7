#pragma once
// Pictures of patches and tokens, for the terminal and as SVG. Pixels go from -1 (black) to 1.

#include <string>

#include "core/array.hpp"

namespace nt {

/// Part n of an array made of parts.   all: (N, ...) -> shape
HostArray part(const HostArray& all, std::int64_t n, const Shape& shape);

/// Patch t of an image, counted row by row.   image: (Y, X) -> (P, P)
HostArray patch_of(const HostArray& image, std::int64_t P, std::int64_t t);

/// The image, its patches moved apart by `gap` pixels of the value `between`.
///   image: (Y, X) -> (Y + (Y / P - 1) gap, X + (X / P - 1) gap)
HostArray moved_apart(const HostArray& image, std::int64_t P, std::int64_t gap, float between);

/// Every pixel as a square of `times` x `times` pixels.   picture: (Y, X) -> (times Y, times X)
HostArray enlarged(const HostArray& picture, std::int64_t times);

/// The picture in a frame of `width` pixels.   (Y, X) -> (Y + 2 width, X + 2 width)
HostArray framed(const HostArray& picture, std::int64_t width, float frame);

/// Puts the picture into a larger one, its first pixel at (top, left).
void place(const HostArray& picture, HostArray& larger, std::int64_t top, std::int64_t left);

/// The image cut into its patches, the filters, the patches in a row, and below each its token.
/// Numbers are coloured cells: red above 0, white at 0, blue below.
///   image: (Y, X), weight: (C, 1, P, P), tokens: (T, C)
std::string tokens_svg(const HostArray& image, const HostArray& weight, const HostArray& tokens);

}  // namespace nt
