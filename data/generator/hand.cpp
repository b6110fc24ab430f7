#include "generator/hand.hpp"

#include <algorithm>

#include "generator/glyphs.hpp"

namespace nt {
namespace {

/// An integer in [low, high], each equally likely.
int between(Random& random, int low, int high) {
  return low + static_cast<int>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

/// An integer in [-reach, reach], small ones likelier: the mean of three is nearly bell-shaped.
int sway(Random& random, int reach) {
  const int first = between(random, -reach, reach);
  const int second = between(random, -reach, reach);
  const int third = between(random, -reach, reach);
  return (first + second + third) / 3;
}

/// How a digit is written. Ratios are in 1/256.
struct Manner {
  int width;   ///< of the glyph, against its height
  int bow;     ///< how far the middle of the glyph bends to the right, against half the height
  int taper;   ///< how much wider the lower edge is than the middle
  int slant;   ///< leaning to the right, against the height
  int turn;    ///< sine of the rotation
  int size;    ///< of the longer side of the finished digit, in 1/256 pixel
  Spot place;  ///< of its middle, in 1/256 pixel
};

// Every braced list below is evaluated from left to right, as the language promises; the arguments
// of a call are not, and their draws would come in an order of the compiler's choice.

Manner choose_manner(Random& random) {
  constexpr int kMiddle = kSide * kPixel / 2;
  return {.width = between(random, 130, 270),
          .bow = sway(random, 60),
          .taper = sway(random, 80),
          .slant = 24 + sway(random, 190),
          .turn = sway(random, 80),
          .size = between(random, 16 * kPixel, 19 * kPixel),
          .place = {kMiddle + sway(random, 2 * kPixel), kMiddle + sway(random, 2 * kPixel)}};
}

Pen choose_pen(Random& random) {
  const int radius = between(random, 200, 400);
  const int swell = sway(random, 90);
  return {.radius_at_start = radius - swell / 2,
          .radius_at_end = radius + swell / 2,
          .softness = between(random, 280, 420),
          .ink = between(random, 300, 450)};
}

/// A position on the grid, counted from its middle, in 1/256 of the grid's unit.
constexpr int from_middle(int grid) { return (grid - 50) * 256; }

/// Where a point of the glyph lies when written in this manner; both in 1/256 of the grid's unit.
Spot deform(Spot spot, const Manner& manner) {
  constexpr int kHalf = 50 * 256;
  int x = spot.x * manner.width / 256;
  int y = spot.y;
  const int height = y * 256 / kHalf;  // -256 at the upper edge, 256 at the lower
  x += x * height / 256 * manner.taper / 256;
  x += (65536 - height * height) / 256 * (kHalf / 256) * manner.bow / 256;
  x -= y * manner.slant / 256;
  // A rotation by three shears (A. Paeth, 1986), with tan(angle / 2) taken as half the sine.
  x -= y * manner.turn / 512;
  y += x * manner.turn / 256;
  x -= y * manner.turn / 512;
  return {x, y};
}

/// Moves and scales the paths, shape kept, so that their longer side has the manner's size and
/// their middle lies at its place, as the makers of MNIST did with their digits.
void fit(std::vector<Path>& paths, const Manner& manner) {
  Spot low = paths.front().front().spot;
  Spot high = low;
  for (const Path& path : paths) {
    for (const PathPoint& point : path) {
      low = {std::min(low.x, point.spot.x), std::min(low.y, point.spot.y)};
      high = {std::max(high.x, point.spot.x), std::max(high.y, point.spot.y)};
    }
  }
  const int longer = std::max(high.x - low.x, high.y - low.y);
  const auto scaled = [&](int position, int least, int most, int middle) {
    const std::int64_t twice = 2 * position - least - most;
    return middle + static_cast<int>(twice * manner.size / (2 * longer));
  };
  for (Path& path : paths) {
    for (PathPoint& point : path) {
      point.spot.x = scaled(point.spot.x, low.x, high.x, manner.place.x);
      point.spot.y = scaled(point.spot.y, low.y, high.y, manner.place.y);
    }
  }
}

/// The paths of the pen, in 1/256 pixel: each point misses its place a little.
std::vector<Path> trace(const Glyph& glyph, const Manner& manner, Random& random) {
  constexpr int kMiss = 10 * 256;  // at most, in 1/256 of the grid's unit
  std::vector<Path> paths;
  for (const GridStroke& stroke : glyph) {
    Path& path = paths.emplace_back();
    for (const GridPoint& point : stroke) {
      const Spot spot{from_middle(point.x) + sway(random, kMiss),
                      from_middle(point.y) + sway(random, kMiss)};
      path.push_back({deform(spot, manner), point.corner});
    }
  }
  fit(paths, manner);
  return paths;
}

/// Paper and ink are uneven: every inked pixel differs a little.
void roughen(Picture& picture, Random& random) {
  constexpr int kGrain = 24;  // at most, in 1/256 of the ink
  for (std::uint8_t& grey : picture) {
    if (grey == 0) continue;
    const int uneven = grey + sway(random, kGrain) * grey / 256;
    grey = static_cast<std::uint8_t>(std::clamp(uneven, 0, 255));
  }
}

}  // namespace

Picture write_digit(int digit, Random& random) {
  const std::vector<Glyph>& ways = variants(digit);
  const Glyph& glyph = ways[static_cast<std::size_t>(random.below(ways.size()))];
  const Manner manner = choose_manner(random);
  const Pen pen = choose_pen(random);
  Picture picture = draw(trace(glyph, manner, random), pen);
  roughen(picture, random);
  return picture;
}

}  // namespace nt
