#include "patch_pictures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace nt {
namespace {

constexpr std::int64_t kPixel = 8;     // of the image and of filters
constexpr std::int64_t kSmall = 4;     // of the patches in a row; the height of a token's number
constexpr std::int64_t kGap = 6;       // between patches, and between filters
constexpr std::int64_t kNarrow = 2;    // between tokens
constexpr std::int64_t kMargin = 24;   // around everything
constexpr std::int64_t kCaption = 26;  // the height of a line of text
constexpr std::int64_t kFilters = 13;  // in a row

std::string rectangle(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height,
                      const std::string& colour) {
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", x, y,
                     width, height, colour);
}

std::string caption(std::int64_t x, std::int64_t y, const std::string& text) {
  return fmt::format("<text x=\"{}\" y=\"{}\">{}</text>\n", x, y - 8, text);
}

/// Of parts from 0 to 1; NaN counts as 0.
std::string colour(float red, float green, float blue) {
  const auto byte = [](float part) {
    return part > 0 ? std::lround(255 * std::min(part, 1.0F)) : 0;
  };
  return fmt::format("#{:02x}{:02x}{:02x}", byte(red), byte(green), byte(blue));
}

std::string grey(float pixel) {
  const float part = (pixel + 1) / 2;
  return colour(part, part, part);
}

/// Red for 1, white for 0, blue for -1.
std::string red_or_blue(float value) {
  const float pale = 1 - std::abs(value);
  return colour(value > 0 ? 1 : pale, pale, value < 0 ? 1 : pale);
}

/// What brings the largest number to 1 or -1; 1 where all are 0.
float scale_of(const HostArray& array) {
  float largest = 0;
  for (const float value : array.values) largest = std::max(largest, std::abs(value));
  return largest > 0 ? 1 / largest : 1;
}

/// An array of cells with its corner at (x, y), in the colour that `paint` has for a value.
///   values: (rows, columns)
template <class Paint>
std::string cells(const HostArray& values, std::int64_t x, std::int64_t y, std::int64_t width,
                  std::int64_t height, const Paint& paint) {
  std::string svg;
  for (std::int64_t i = 0; i < values.shape[0]; ++i) {
    for (std::int64_t j = 0; j < values.shape[1]; ++j) {
      svg += rectangle(x + j * width, y + i * height, width, height, paint(values[{i, j}]));
    }
  }
  return svg;
}

/// All filters, kFilters in a row, with the corner at (x, y).   weight: (C, 1, P, P)
std::string filters(const HostArray& weight, std::int64_t x, std::int64_t y) {
  const std::int64_t P = weight.shape[2];
  const std::int64_t step = P * kPixel + kGap;
  const float scale = scale_of(weight);
  std::string svg;
  for (std::int64_t c = 0; c < weight.shape[0]; ++c) {
    svg += cells(part(weight, c, {P, P}), x + c % kFilters * step, y + c / kFilters * step, kPixel,
                 kPixel, [&](float value) { return red_or_blue(scale * value); });
  }
  return svg;
}

}  // namespace

HostArray part(const HostArray& all, std::int64_t n, const Shape& shape) {
  const auto first = all.values.begin() + n * shape.count();
  return {shape, {first, first + shape.count()}};
}

HostArray patch_of(const HostArray& image, std::int64_t P, std::int64_t t) {
  const std::int64_t across = image.shape[1] / P;
  HostArray patch{{P, P}, {}};
  for (std::int64_t i = 0; i < P; ++i) {
    for (std::int64_t j = 0; j < P; ++j) {
      patch.values.push_back(image[{t / across * P + i, t % across * P + j}]);
    }
  }
  return patch;
}

HostArray moved_apart(const HostArray& image, std::int64_t P, std::int64_t gap, float between) {
  const std::int64_t down = image.shape[0] / P;
  const std::int64_t across = image.shape[1] / P;
  HostArray result =
      filled({down * P + (down - 1) * gap, across * P + (across - 1) * gap}, between);
  for (std::int64_t t = 0; t < down * across; ++t) {
    place(patch_of(image, P, t), result, t / across * (P + gap), t % across * (P + gap));
  }
  return result;
}

HostArray enlarged(const HostArray& picture, std::int64_t times) {
  HostArray result = filled({times * picture.shape[0], times * picture.shape[1]}, 0);
  for (std::int64_t y = 0; y < picture.shape[0]; ++y) {
    for (std::int64_t x = 0; x < picture.shape[1]; ++x) {
      place(filled({times, times}, picture[{y, x}]), result, times * y, times * x);
    }
  }
  return result;
}

HostArray framed(const HostArray& picture, std::int64_t width, float frame) {
  HostArray result = filled({picture.shape[0] + 2 * width, picture.shape[1] + 2 * width}, frame);
  place(picture, result, width, width);
  return result;
}

void place(const HostArray& picture, HostArray& larger, std::int64_t top, std::int64_t left) {
  for (std::int64_t y = 0; y < picture.shape[0]; ++y) {
    for (std::int64_t x = 0; x < picture.shape[1]; ++x) {
      const std::int64_t at = ravel({top + y, left + x}, larger.shape);
      larger.values[static_cast<std::size_t>(at)] = picture[{y, x}];
    }
  }
}

std::string tokens_svg(const HostArray& image, const HostArray& weight, const HostArray& tokens) {
  const std::int64_t T = tokens.shape[0];
  const std::int64_t C = tokens.shape[1];
  const std::int64_t P = weight.shape[2];
  const std::int64_t across = image.shape[1] / P;
  const std::int64_t step = P * kPixel + kGap;       // from patch to patch in the image
  const std::int64_t column = P * kSmall + kNarrow;  // from patch to patch in the row
  const std::int64_t top = kMargin + kCaption;
  const std::int64_t right = kMargin + across * step + kMargin;  // where the filters begin
  const std::int64_t row = top + image.shape[0] / P * step + kCaption;
  const std::int64_t below = row + P * kSmall + kCaption;
  const float scale = scale_of(tokens);

  std::string svg;
  for (std::int64_t t = 0; t < T; ++t) {
    const HostArray patch = patch_of(image, P, t);
    const std::int64_t left = kMargin + t * column;
    svg += cells(patch, kMargin + t % across * step, top + t / across * step, kPixel, kPixel, grey);
    svg += cells(patch, left, row, kSmall, kSmall, grey);
    svg += cells(part(tokens, t, {C, 1}), left, below, P * kSmall, kSmall,
                 [&](float value) { return red_or_blue(scale * value); });
  }
  svg += filters(weight, right, top);
  svg += caption(kMargin, top, fmt::format("{} patches of {} x {} pixels", T, P, P));
  svg += caption(right, top, fmt::format("{} filters: red above 0, blue below", C));
  svg += caption(kMargin, row, "the patches row by row");
  svg += caption(kMargin, below, fmt::format("below each patch its token, {} numbers", C));

  const std::int64_t width = kMargin + T * column + kMargin;
  const std::int64_t height = below + C * kSmall + kMargin;
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" viewBox="0 0 {0} {1}"
 font-family="sans-serif" font-size="14" fill="#123">
<rect width="{0}" height="{1}" fill="#e5e7eb"/>
{2}</svg>
)svg",
      width, height, svg);
}

}  // namespace nt
