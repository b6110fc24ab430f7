#include "look.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "terminal/digit.hpp"

namespace nt {
namespace {

/// The patches along each side.
std::int64_t across(const Look& look) {
  return std::lround(std::sqrt(static_cast<double>(look.weights.shape[1])));
}

float largest(const Look& look, std::int64_t head) {
  const std::int64_t T = look.weights.shape[1];
  const auto row = look.weights.values.begin() + head * T;
  return *std::max_element(row, row + T);
}

/// A patch's row and column.
std::string place(const Look& look) {
  return text(Index{look.query / across(look), look.query % across(look)});
}

/// Terminal pictures show a patch as 2 x 2 pixels, so that five of them fit into 80 columns.
constexpr std::int64_t kSide = 2;

HostArray image_with_query(const Look& look) {
  const std::int64_t n = across(look);
  HostArray pixels = brightness(look.image, look.image.shape[0] / (n * kSide));
  for (std::int64_t i = 0; i < kSide * kSide; ++i) {
    const std::int64_t row = look.query / n * kSide + i / kSide;
    const std::int64_t column = look.query % n * kSide + i % kSide;
    float& pixel = pixels.values[static_cast<std::size_t>(row * n * kSide + column)];
    pixel = 1 - pixel;
  }
  return pixels;
}

HostArray head_pixels(const Look& look, std::int64_t head) {
  const std::int64_t n = across(look);
  HostArray pixels{{n * kSide, n * kSide}, {}};
  for (std::int64_t i = 0; i < pixels.shape.count(); ++i) {
    const std::int64_t row = i / (n * kSide) / kSide;
    const std::int64_t column = i % (n * kSide) / kSide;
    pixels.values.push_back(look.weights[{head, row * n + column}] / largest(look, head));
  }
  return pixels;
}

constexpr int kPane = 140;    // an image in the SVG, in pixels along each side
constexpr int kColumn = 160;  // from one pane to the next
constexpr int kRow = 180;
constexpr int kMargin = 24;
constexpr int kTop = 48;  // below the headings

/// The image in grey: for each of 32 greys one path, a square for each of its pixels.
std::string grey_svg(const HostArray& image) {
  constexpr int kGreys = 32;
  std::map<int, std::string> squares;
  const HostArray pixels = brightness(image, 1);
  for (std::int64_t i = 0; i < pixels.shape.count(); ++i) {
    const float pixel = std::clamp(pixels.values[static_cast<std::size_t>(i)], 0.0F, 1.0F);
    const auto grey = static_cast<int>(std::lround(pixel * (kGreys - 1)));
    if (grey == 0) continue;  // the ground is black
    squares[grey] += fmt::format("M{} {}h1v1h-1z", i % image.shape[1], i / image.shape[1]);
  }
  std::string svg =
      fmt::format("<rect width=\"{0}\" height=\"{0}\" fill=\"#000000\"/>\n", image.shape[0]);
  for (const auto& [grey, path] : squares) {
    svg += fmt::format("<path fill=\"#{0:02x}{0:02x}{0:02x}\" d=\"{1}\"/>\n",
                       grey * 255 / (kGreys - 1), path);
  }
  return svg;
}

/// A patch as a rectangle with some more attributes.
std::string patch_svg(const Look& look, std::int64_t patch, const std::string& attributes) {
  const std::int64_t n = across(look);
  const std::int64_t P = look.image.shape[0] / n;
  return fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}/>\n", patch % n * P,
                     patch / n * P, P, P, attributes);
}

/// The weights of a head over the image: the larger, the more it is covered.
std::string overlay_svg(const Look& look, std::int64_t head) {
  std::string svg = "<g fill=\"#f97316\">\n";
  for (std::int64_t patch = 0; patch < look.weights.shape[1]; ++patch) {
    const float share = look.weights[{head, patch}] / largest(look, head);
    if (share < 0.02F) continue;  // not to be seen
    svg += patch_svg(look, patch, fmt::format("fill-opacity=\"{:.2f}\"", 0.85F * share));
  }
  return svg + "</g>\n";
}

/// A row: the image, then once more for each head with its weights over it.
std::string row_svg(const Look& look, int row) {
  const auto S = static_cast<double>(look.image.shape[0]);
  const int top = kTop + row * kRow;
  const std::string outline =
      patch_svg(look, look.query, "fill=\"none\" stroke=\"#38bdf8\" stroke-width=\"0.7\"");
  std::string svg =
      fmt::format("<defs><g id=\"image{}\">{}</g></defs>\n", row, grey_svg(look.image));
  for (std::int64_t pane = 0; pane <= look.weights.shape[0]; ++pane) {
    const std::int64_t left = kMargin + pane * kColumn;
    const std::string caption =
        pane == 0 ? fmt::format("{} {}", look.name, place(look))
                  : fmt::format("at most {:.0f} %", 100 * largest(look, pane - 1));
    svg += fmt::format(
        "<g transform=\"translate({} {}) scale({:.4g})\" shape-rendering=\"crispEdges\">\n"
        "<use href=\"#image{}\"/>\n{}{}</g>\n<text x=\"{}\" y=\"{}\">{}</text>\n",
        left, top, kPane / S, row, pane == 0 ? "" : overlay_svg(look, pane - 1), outline,
        left + kPane / 2, top + kPane + 18, caption);
  }
  return svg;
}

}  // namespace

HostArray brightness(const HostArray& image, std::int64_t size) {
  const std::int64_t n = image.shape[0] / size;
  HostArray result{{n, n}, std::vector<float>(static_cast<std::size_t>(n * n))};
  const auto area = static_cast<float>(size * size);
  for (std::int64_t row = 0; row < n * size; ++row) {
    for (std::int64_t column = 0; column < n * size; ++column) {
      const float pixel = (image[{row, column}] + 1) / 2;
      result.values[static_cast<std::size_t>(row / size * n + column / size)] += pixel / area;
    }
  }
  return result;
}

std::string look_text(const Look& look) {
  std::vector<Picture> pictures{{image_with_query(look), place(look) + " asks"}};
  for (std::int64_t head = 0; head < look.weights.shape[0]; ++head) {
    pictures.push_back({head_pixels(look, head),
                        fmt::format("head {}: {:.0f} %", head, 100 * largest(look, head))});
  }
  return look.name + "\n" + draw(pictures, 0, 1);
}

std::string looks_svg(const std::vector<Look>& looks) {
  const std::int64_t heads = looks.empty() ? 0 : looks.front().weights.shape[0];
  std::string panes;
  for (std::int64_t pane = 0; pane <= heads; ++pane) {
    panes += fmt::format("<text x=\"{}\" y=\"34\" font-weight=\"bold\">{}</text>\n",
                         kMargin + pane * kColumn + kPane / 2,
                         pane == 0 ? "the query" : fmt::format("head {}", pane - 1));
  }
  for (std::size_t row = 0; row < looks.size(); ++row) {
    panes += row_svg(looks[row], static_cast<int>(row));
  }
  const std::int64_t width = 2 * kMargin + heads * kColumn + kPane;
  const std::int64_t height = kTop + static_cast<std::int64_t>(looks.size()) * kRow + 40;
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}"
 role="img" font-family="Helvetica, Arial, sans-serif" font-size="13" text-anchor="middle"
 fill="#1f2937">
<title>Where patches of digits look</title>
<rect x="0.5" y="0.5" width="{2}" height="{3}" rx="8" fill="#ffffff" stroke="#d1d5db"/>
{4}<text x="{5}" y="{6}" fill="#6b7280">Blue: the patch that asks. Orange: where the head looks,
 the deeper the more; below, the largest weight of a patch.</text>
</svg>
)svg",
      width, height, width - 1, height - 1, panes, width / 2, height - 18);
}

}  // namespace nt
