#include "page_galleries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "digit_pictures.hpp"

namespace nt {
namespace {

constexpr std::int64_t kDigits = 60;    // test images in the first gallery
constexpr std::int64_t kUnfolded = 24;  // mistakes that are seen without asking for more

/// What the model makes of one image.
struct Answer {
  std::int32_t label;
  std::int32_t read;
  double percent;  ///< how sure it is
};

Answer answer_at(const Capstone& capstone, std::int64_t position) {
  const auto at = static_cast<std::size_t>(position);
  return {capstone.test.labels[at], capstone.reading.read[at],
          100.0 * capstone.reading.certainty[at]};
}

std::string digit_figure(const Capstone& capstone, std::int64_t position) {
  const auto [label, read, percent] = answer_at(capstone, position);
  const bool right = label == read;
  return fmt::format(
      "<figure{}><img src=\"{}\" width=\"28\" height=\"28\" alt=\"a handwritten {}\"/>"
      "<figcaption>{}<small>{}</small></figcaption></figure>\n",
      right ? "" : " class=\"missed\"", image_link(grey_pixels(capstone.test, position)), label,
      read, right ? fmt::format("{:.0f} %", percent) : fmt::format("is a {}", label));
}

/// What mistakes_on reads back.
std::string attributes(std::int64_t position, const Answer& answer) {
  return fmt::format("data-image=\"{}\" data-label=\"{}\" data-read=\"{}\"", position, answer.label,
                     answer.read);
}

std::string caption(std::int64_t position, const Answer& answer) {
  return fmt::format("a {} read as {}, {:.0f} % sure, image {}", answer.label, answer.read,
                     answer.percent, position);
}

/// The mistake number `row`, with its picture.
std::string mistake_figure(const Capstone& capstone, std::int64_t row) {
  const std::int64_t position = capstone.mistakes[static_cast<std::size_t>(row)];
  const Answer answer = answer_at(capstone, position);
  const Pixels pixels = heard_pixels(capstone.test, position, capstone.heard, row);
  return fmt::format(
      "<figure {}><img src=\"{}\" width=\"{}\" height=\"{}\" alt=\"a handwritten {}, and where "
      "each "
      "of {} heads looks\"/><figcaption>{}</figcaption></figure>\n",
      attributes(position, answer), image_link(pixels), pixels.width, pixels.height, answer.label,
      capstone.heard.shape[1], caption(position, answer));
}

/// Those from `first` to before `last`.
std::string mistake_figures(const Capstone& capstone, std::int64_t first, std::int64_t last) {
  std::string figures = "<div class=\"grid mistakes\">\n";
  for (std::int64_t row = first; row < last; ++row) figures += mistake_figure(capstone, row);
  return figures + "</div>\n";
}

/// Those behind the last that has a picture.
std::string mistake_list(const Capstone& capstone, std::int64_t first) {
  std::string list = "<ul class=\"named\">\n";
  for (auto row = static_cast<std::size_t>(first); row < capstone.mistakes.size(); ++row) {
    const std::int64_t position = capstone.mistakes[row];
    const Answer answer = answer_at(capstone, position);
    list +=
        fmt::format("<li {}>{}</li>\n", attributes(position, answer), caption(position, answer));
  }
  return list + "</ul>\n";
}

}  // namespace

std::string digits_gallery(const Capstone& capstone) {
  std::string figures = "<div class=\"grid digits\">\n";
  const std::int64_t count = std::min(kDigits, capstone.reading.images());
  for (std::int64_t position = 0; position < count; ++position) {
    figures += digit_figure(capstone, position);
  }
  return figures + "</div>\n";
}

std::string mistakes_gallery(const Capstone& capstone) {
  const std::int64_t all = std::ssize(capstone.mistakes);
  if (all == 0) return "<p>There are none.</p>\n";
  const std::int64_t pictured = capstone.heard.shape[0];
  const std::int64_t unfolded = std::min(kUnfolded, pictured);
  std::string gallery = mistake_figures(capstone, 0, unfolded);
  if (unfolded == all) return gallery;
  gallery += fmt::format("<details><summary>the other {}</summary>\n{}", all - unfolded,
                         mistake_figures(capstone, unfolded, pictured));
  if (pictured < all) gallery += mistake_list(capstone, pictured);
  return gallery + "</details>\n";
}

}  // namespace nt
