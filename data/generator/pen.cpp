#include "generator/pen.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace nt {
namespace {

constexpr int kStep = kPixel / 4;  // from one dot of the pen to the next, about

/// How far the middle of each pixel lies outside the line: the least d^2 - r^2 of all dots, with d
/// the distance from a dot and r its radius; negative inside. Unlike d - r it takes no square root.
using Field = std::array<int, kSide * kSide>;

/// One coordinate of the Catmull-Rom spline from b to c at t / 256; a and d are the neighbours.
///   (2 b + (c - a) t + (2 a - 5 b + 4 c - d) t^2 + (3 b - a - 3 c + d) t^3) / 2
int spline(int a, int b, int c, int d, std::int64_t t) {
  const std::int64_t linear = c - a;
  const std::int64_t square = 2 * a - 5 * b + 4 * c - d;
  const std::int64_t cube = 3 * b - a - 3 * c + d;
  const std::int64_t bend = ((cube * t / 256 + square) * t / 256 + linear) * t / 256;
  return static_cast<int>(b + bend / 2);
}

/// Presses a dot of this radius (1/256 pixel) onto the sheet.
void press(Field& field, Spot dot, int radius, int softness) {
  const int reach = radius + softness;
  const auto pixel = [](int position) { return std::clamp(position / kPixel, 0, kSide - 1); };
  for (int row = pixel(dot.y - reach); row <= pixel(dot.y + reach); ++row) {
    for (int column = pixel(dot.x - reach); column <= pixel(dot.x + reach); ++column) {
      const int dx = column * kPixel + kPixel / 2 - dot.x;
      const int dy = row * kPixel + kPixel / 2 - dot.y;
      int& gap = field[static_cast<std::size_t>(row * kSide + column)];
      gap = std::min(gap, dx * dx + dy * dy - radius * radius);
    }
  }
}

/// Presses the dots of one path.
void follow(Field& field, const Path& path, const Pen& pen) {
  const int pieces = static_cast<int>(path.size()) - 1;
  for (int piece = 0; piece < pieces; ++piece) {
    const auto at = static_cast<std::size_t>(piece);
    const PathPoint& from = path[at];
    const PathPoint& to = path[at + 1];
    // An end and a corner have no neighbour beyond: the spline starts out straight from them.
    const Spot before = piece == 0 || from.corner ? from.spot : path[at - 1].spot;
    const Spot after = piece == pieces - 1 || to.corner ? to.spot : path[at + 2].spot;
    const int length = std::abs(to.spot.x - from.spot.x) + std::abs(to.spot.y - from.spot.y);
    const int dots = 1 + length / kStep;
    for (int dot = 0; dot <= dots; ++dot) {
      const int t = 256 * dot / dots;
      const int gone = (256 * piece + t) / pieces;  // of the whole path, in 1/256
      const int radius =
          pen.radius_at_start + (pen.radius_at_end - pen.radius_at_start) * gone / 256;
      press(field,
            {spline(before.x, from.spot.x, to.spot.x, after.x, t),
             spline(before.y, from.spot.y, to.spot.y, after.y, t)},
            radius, pen.softness);
    }
  }
}

}  // namespace

Picture draw(const std::vector<Path>& paths, const Pen& pen) {
  Field field;
  field.fill(std::numeric_limits<int>::max());
  for (const Path& path : paths) follow(field, path, pen);

  Picture picture;
  const int radius = (pen.radius_at_start + pen.radius_at_end) / 2;
  for (std::size_t i = 0; i < picture.size(); ++i) {
    const int outside = field[i] / (2 * radius);   // (d^2 - r^2) / 2r is d - r near the edge
    const int cover = pen.softness / 2 - outside;  // half the edge lies inside the line
    const std::int64_t grey = std::int64_t{pen.ink} * cover / pen.softness;
    picture[i] = static_cast<std::uint8_t>(std::clamp<std::int64_t>(grey, 0, 255));
  }
  return picture;
}

}  // namespace nt
