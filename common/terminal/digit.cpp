#include "terminal/digit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/errors.hpp"
#include "terminal/style.hpp"
#include "terminal/table.hpp"

namespace nt {
namespace {

/// One character for an upper and a lower pixel, both from 0 (dark) to 1 (bright).
std::string cell(float upper, float lower) {
  if (colours_welcome()) {
    const int top = static_cast<int>(255 * upper);
    const int bottom = static_cast<int>(255 * lower);
    return fmt::format("\x1b[38;2;{0};{0};{0};48;2;{1};{1};{1}m▀", top, bottom);
  }
  constexpr std::string_view kRamp = " .:-=+*#%@";
  const float mean = (upper + lower) / 2;
  return std::string(1, kRamp[static_cast<std::size_t>(std::lround(mean * 9))]);
}

}  // namespace

std::string draw(const std::vector<Picture>& pictures, float black, float white) {
  if (pictures.empty()) return "";
  const Shape& shape = pictures.front().pixels.shape;
  for (const Picture& picture : pictures) {
    if (picture.pixels.shape != shape || shape.rank() != 2) {
      throw ShapeError(fmt::format("draw: pictures must be of one shape (height, width): one is {}",
                                   picture.pixels.shape.text()));
    }
  }

  const auto brightness = [&](const HostArray& pixels, std::int64_t row, std::int64_t column) {
    if (row >= shape[0]) return 0.0F;
    return std::clamp((pixels[{row, column}] - black) / (white - black), 0.0F, 1.0F);
  };
  const char* reset = colours_welcome() ? "\x1b[0m" : "";
  std::string lines;
  for (std::int64_t row = 0; row < shape[0]; row += 2) {
    for (const Picture& picture : pictures) {
      for (std::int64_t column = 0; column < shape[1]; ++column) {
        lines += cell(brightness(picture.pixels, row, column),
                      brightness(picture.pixels, row + 1, column));
      }
      lines += fmt::format("{}  ", reset);
    }
    lines += '\n';
  }
  for (const Picture& picture : pictures) {
    const auto width = static_cast<std::size_t>(shape[1]) + 2;
    const std::size_t used = std::min(width, display_width(picture.caption));
    lines += picture.caption + std::string(width - used, ' ');
  }
  return lines + '\n';
}

}  // namespace nt
