#pragma once
// The shapes of the ten digits, as a hand writes them: each class in several variants, each variant
// a few strokes, each stroke a list of points that the pen passes through. Points lie on a grid of
// 100 x 100, x to the right and y downward; a stroke may step a little outside it. The tables know
// nothing of pixels: hand.hpp gives them size, slant and unsteadiness.

#include <vector>

namespace nt {

/// A point that a stroke passes: smoothly, or with a sharp turn when it is a corner.
struct GridPoint {
  int x;
  int y;
  bool corner = false;
};

using GridStroke = std::vector<GridPoint>;
using Glyph = std::vector<GridStroke>;

/// The ways to write `digit` (0 to 9); never empty.
const std::vector<Glyph>& variants(int digit);

}  // namespace nt
