#pragma once
// The pen: it follows strokes over a sheet of 28 x 28 pixels and leaves ink with soft edges.
//
// Lengths are integers in 1/256 pixel. There is no float anywhere in this folder: rounding, and
// with it every byte of every picture, is the same on every platform and compiler.

#include <array>
#include <cstdint>
#include <vector>

namespace nt {

inline constexpr int kSide = 28;    ///< of a picture, in pixels
inline constexpr int kPixel = 256;  ///< units of length in a pixel

/// Grey values row by row: 0 is paper, 255 is full ink, as in MNIST.
using Picture = std::array<std::uint8_t, kSide * kSide>;

/// A position in 1/256 pixel from the upper left corner of the sheet.
struct Spot {
  int x;
  int y;
};

/// A spot that a stroke passes: smoothly, or with a sharp turn when it is a corner.
struct PathPoint {
  Spot spot;
  bool corner;
};

using Path = std::vector<PathPoint>;

struct Pen {
  int radius_at_start;  ///< of the line, in 1/256 pixel; it changes evenly towards each path's end
  int radius_at_end;
  int softness;  ///< width of the edge where ink fades to paper, in 1/256 pixel
  int ink;       ///< grey value of a full line; above 255 it only hardens the edge
};

/// What the pen leaves after following `paths`.
Picture draw(const std::vector<Path>& paths, const Pen& pen);

}  // namespace nt
