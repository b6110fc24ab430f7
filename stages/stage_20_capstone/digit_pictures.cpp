#include "digit_pictures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nt {
namespace {

constexpr std::int64_t kGap = 2;  // columns between two panes

/// Orange over grey: none of it where share is 0, at most 0.8, so that the digit is seen below it.
std::array<std::uint8_t, 4> covered(std::uint8_t grey, float share) {
  constexpr std::array<float, 3> kOrange{249, 115, 22};
  const float opacity = 0.8F * share;
  std::array<std::uint8_t, 4> pixel{0, 0, 0, 255};
  for (std::size_t i = 0; i < 3; ++i) {
    const float mixed = (1 - opacity) * static_cast<float>(grey) + opacity * kOrange[i];
    pixel[i] = static_cast<std::uint8_t>(std::lround(mixed));
  }
  return pixel;
}

/// The weights of a head, each as its share of the largest: (T).
std::vector<float> shares_of(const HostArray& heard, std::int64_t row, std::int64_t head) {
  const std::int64_t T = heard.shape[2];
  const auto first = heard.values.begin() + (row * heard.shape[1] + head) * T;
  std::vector<float> shares(first, first + T);
  const float most = *std::max_element(shares.begin(), shares.end());
  for (float& share : shares) share /= most;
  return shares;
}

/// The image under n x n patches with these shares, its columns from `left` on.
void draw_pane(const ImageSet& images, std::int64_t position, const std::vector<float>& shares,
               std::int64_t left, Pixels& pixels) {
  const std::int64_t S = images.shape[1];
  const std::int64_t n = std::lround(std::sqrt(static_cast<double>(shares.size())));
  for (std::int64_t y = 0; y < S; ++y) {
    for (std::int64_t x = 0; x < S; ++x) {
      const auto at = static_cast<std::size_t>((position * S + y) * S + x);
      const auto patch = static_cast<std::size_t>(y * n / S * n + x * n / S);
      const auto pixel = covered(images.pixels[at], shares[patch]);
      std::copy(pixel.begin(), pixel.end(),
                pixels.bytes.begin() + 4 * (y * pixels.width + left + x));
    }
  }
}

Pixels empty_pixels(std::int64_t width, std::int64_t height) {
  return {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
          std::vector<std::uint8_t>(static_cast<std::size_t>(4 * width * height))};
}

}  // namespace

Pixels grey_pixels(const ImageSet& images, std::int64_t position) {
  const std::int64_t S = images.shape[1];
  Pixels pixels = empty_pixels(S, S);
  draw_pane(images, position, {0}, 0, pixels);
  return pixels;
}

Pixels heard_pixels(const ImageSet& images, std::int64_t position, const HostArray& heard,
                    std::int64_t row) {
  const std::int64_t S = images.shape[1];
  const std::int64_t H = heard.shape[1];
  Pixels pixels = empty_pixels(S + H * (S + kGap), S);
  draw_pane(images, position, {0}, 0, pixels);
  for (std::int64_t head = 0; head < H; ++head) {
    draw_pane(images, position, shares_of(heard, row, head), (head + 1) * (S + kGap), pixels);
  }
  return pixels;
}

}  // namespace nt
