#include "flame_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "profile_report.hpp"

namespace nt {
namespace {

constexpr int kWidth = 1240;
constexpr int kMargin = 20;
constexpr int kTop = 64;        // of the bar that stands for the whole profile
constexpr int kWhole = 24;      // its height
constexpr int kBar = 180;       // the height of a call from outside
constexpr int kInner = 80;      // of a call within a call
constexpr int kLine = 22;       // of the key
constexpr int kKeyNames = 220;  // its columns
constexpr int kKeyBars = 640;
constexpr double kLetter = 6.4;   // the width of a letter, about
constexpr double kLeast = 0.005;  // the share of the time from which on a row stands in the key

/// Pale, so that dark letters are readable on them on any page.
constexpr std::array kColours{"#93c5fd", "#fdba74", "#86efac", "#f9a8d4", "#fde047", "#c4b5fd",
                              "#67e8f9", "#fca5a5", "#bef264", "#d6d3d1", "#f0abfc", "#5eead4"};
constexpr const char* kGrey = "#9ca3af";

using Colours = std::map<std::string_view, const char*>;

/// The rows that take longest have colours of their own.
Colours colours_of(const ProfileSummary& summary) {
  Colours colours;
  for (const OpLine& line : summary.lines) {
    colours[line.name] = kColours[colours.size() % kColours.size()];
  }
  return colours;
}

std::string rectangle(double x, double y, double width, double height, const char* colour) {
  return fmt::format("<rect x=\"{:.2f}\" y=\"{}\" width=\"{:.2f}\" height=\"{}\" fill=\"{}\"/>", x,
                     y, width, height, colour);
}

/// The name, lying where there is room for it, upright where there is room for that, or nowhere.
std::string label(std::string_view name, double x, double y, double width, double height) {
  const double length = kLetter * static_cast<double>(name.size()) + 6;
  const double middle = x + width / 2;
  if (width >= length) {
    return fmt::format("<text x=\"{:.2f}\" y=\"{}\" class=\"in\">{}</text>", middle, y + 16, name);
  }
  if (width < 12 || height < length) return "";
  return fmt::format("<text transform=\"translate({:.2f} {}) rotate(90)\" class=\"up\">{}</text>",
                     middle - 4, y + 5, name);
}

/// Where the bars of that depth begin.
int top_of(int depth) {
  return kTop + kWhole + 2 + (depth == 0 ? 0 : kBar + 2 + (depth - 1) * (kInner + 2));
}

std::string bars(const Profile& profile, const Colours& colours, double scale) {
  const std::vector<Nanoseconds> self = self_times(profile.spans);
  std::string svg;
  for (std::size_t i = 0; i < self.size(); ++i) {
    const Span& span = profile.spans[i];
    const double x = kMargin + scale * static_cast<double>(span.begin);
    const double y = top_of(span.depth);
    const double height = span.depth == 0 ? kBar : kInner;
    const double width = scale * static_cast<double>(span.duration());
    svg += fmt::format("<g><title>{}: {:.1f} us, {:.1f} us of them itself</title>{}{}</g>\n",
                       span.name, static_cast<double>(span.duration()) / 1e3,
                       static_cast<double>(self[i]) / 1e3,
                       rectangle(x, y, width, height, colours.at(span.name)),
                       label(span.name, x, y, width, height));
  }
  return svg;
}

/// 1, 2 or 5 times a power of ten: the smallest of these that divides the time into ten at most.
double tick(double milliseconds) {
  const double power = std::pow(10, std::floor(std::log10(milliseconds / 10)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (milliseconds / (step * power) <= 10) return step * power;
  }
  return 10 * power;
}

std::string time_axis(Nanoseconds whole, double scale) {
  const double all = static_cast<double>(whole) / 1e6;
  const double step = tick(all);
  std::string svg;
  for (int i = 0; i * step <= all; ++i) {
    const double x = kMargin + scale * i * step * 1e6;
    svg += fmt::format(
        "<path d=\"M{0:.2f} {1} v-5\" class=\"line\"/><text x=\"{0:.2f}\" y=\"{2}\" "
        "text-anchor=\"{3}\">{4:.4g} ms</text>\n",
        x, kTop - 2, kTop - 10, i == 0 ? "start" : "middle", i * step);
  }
  return svg;
}

struct KeyLine {
  std::string name;
  Nanoseconds self;
  std::string words;
  const char* colour;
};

std::vector<KeyLine> key_lines(const ProfileSummary& summary, const Colours& colours) {
  std::vector<KeyLine> lines{{"outside the table", summary.outside, "", kGrey}};
  for (const OpLine& line : summary.lines) {
    if (static_cast<double>(line.self) < kLeast * static_cast<double>(summary.together.total)) {
      continue;
    }
    std::string words = fmt::format("   {} {}", line.calls, line.calls == 1 ? "call" : "calls");
    if (line.cost.flop > 0) words += fmt::format(", {:.1f} GFLOP/s", line.gigaflops());
    lines.push_back({std::string(line.name), line.self, words, colours.at(line.name)});
  }
  return lines;
}

/// How much of the time each row spends itself, beginning at `top`. The longest bar takes all room.
std::string key(const std::vector<KeyLine>& lines, Nanoseconds together, int top) {
  Nanoseconds longest = 1;
  for (const KeyLine& line : lines) longest = std::max(longest, line.self);
  std::string svg;
  int y = top;
  for (const auto& [name, self, words, colour] : lines) {
    const double share = static_cast<double>(self) / static_cast<double>(together);
    const double width = kKeyBars * static_cast<double>(self) / static_cast<double>(longest);
    svg += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>{}<text x=\"{:.2f}\" "
        "y=\"{}\" xml:space=\"preserve\">{:.1f} %{}</text>\n",
        kMargin + kKeyNames - 8, y + 15, name,
        rectangle(kMargin + kKeyNames, y + 3, width, kLine - 6, colour),
        kMargin + kKeyNames + width + 8, y + 15, 100 * share, words);
    y += kLine;
  }
  return svg;
}

}  // namespace

std::string flame_svg(const Profile& profile) {
  const ProfileSummary summary = summarise({profile});
  const Colours colours = colours_of(summary);
  const std::vector<KeyLine> lines = key_lines(summary, colours);
  int deepest = 0;
  for (const Span& span : profile.spans) deepest = std::max(deepest, span.depth);
  const int key_top = top_of(deepest + 1) + 24;
  const int height = key_top + static_cast<int>(lines.size()) * kLine + kMargin;
  const auto whole = std::max<Nanoseconds>(profile.duration, 1);
  const double scale = (kWidth - 2 * kMargin) / static_cast<double>(whole);
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}"
 role="img" font-family="Helvetica, Arial, sans-serif" font-size="12">
<style>
text {{ fill: #1f2937 }} .paper {{ fill: #ffffff }} .line {{ stroke: #6b7280 }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e5e7eb }} .paper {{ fill: #111827 }} .line {{ stroke: #9ca3af }}
}}
.in, .up {{ fill: #111827 }} .in {{ text-anchor: middle }}
</style>
<title>Profile of {2}</title>
<rect width="{0}" height="{1}" class="paper"/>
<text x="{3}" y="26" font-size="15" font-weight="bold">{2}: {4:.2f} ms, {5} calls</text>
{6}{7}{8}
{9}{10}</svg>
)svg",
      kWidth, height, profile.name, kMargin, static_cast<double>(profile.duration) / 1e6,
      summary.together.calls, time_axis(whole, scale),
      rectangle(kMargin, kTop, kWidth - 2 * kMargin, kWhole, kGrey),
      label(profile.name, kMargin, kTop, kWidth - 2 * kMargin, kWhole),
      bars(profile, colours, scale), key(lines, whole, key_top));
}

}  // namespace nt
