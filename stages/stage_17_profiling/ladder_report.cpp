// The race as a table and as a picture.

#include <fmt/format.h>

#include <algorithm>

#include "ladder.hpp"
#include "terminal/table.hpp"

namespace nt {
namespace {

constexpr int kLeft = 300;   // where the bars begin
constexpr int kWidth = 480;  // of the longest
constexpr int kTop = 76;     // of the first bar
constexpr int kRow = 34;
constexpr int kBar = 22;
constexpr int kRight = 190;  // room for the figures beside the highest peak

bool installed(const RaceLine& line) { return line.gflops > 0; }

std::string speed(double gflops) {
  return fmt::format("{:.{}f}", gflops, gflops < 10 ? 2 : gflops < 100 ? 1 : 0);
}

std::string threads(int count) { return fmt::format("{} thread{}", count, count == 1 ? "" : "s"); }

/// The name, and of a rung what it changes.
std::string described(const Racer& racer) {
  for (const Rung& rung : ladder()) {
    if (rung.name == racer.name) return fmt::format("{}: {}", rung.name, rung.change);
  }
  return racer.name;
}

/// The name, and where there is more than one the number of threads.
std::string label(const Racer& racer) {
  return racer.threads == 1 ? racer.name
                            : fmt::format("{}, {}", racer.name, threads(racer.threads));
}

std::string bar(const RaceLine& line, int top, double scale) {
  const double width = line.gflops * scale;
  const char* const colour = line.racer.kind == Racer::Kind::rung ? "#2563eb" : "#9ca3af";
  const std::string figures =
      installed(line) ? fmt::format("{} · {:.0f} %", speed(line.gflops), 100 * line.share)
                      : "not installed";
  return fmt::format(
      "<rect x=\"{0}\" y=\"{1}\" width=\"{2:.1f}\" height=\"{3}\" fill=\"{4}\"/>\n"
      "<text x=\"{5}\" y=\"{6}\" text-anchor=\"end\">{7}</text>\n"
      "<text x=\"{8:.1f}\" y=\"{6}\" stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\">"
      "{9}</text>\n",
      kLeft, top, width, kBar, colour, kLeft - 10, top + 16, label(line.racer), kLeft + width + 8,
      figures);
}

/// A line from top to bottom; its figures stand to the right of the highest, left of the other.
std::string peak(const RaceLine& line, int bottom, double scale, bool highest) {
  const double x = kLeft + line.gflops * scale;
  return fmt::format(
      "<path d=\"M{0:.1f} {1} V{2}\" stroke=\"#b91c1c\" stroke-dasharray=\"5 4\"/>\n"
      "<text x=\"{3:.1f}\" y=\"{4}\" text-anchor=\"{5}\" fill=\"#b91c1c\">peak, {6}: {7}</text>\n",
      x, kTop - 24, bottom, highest ? x + 6 : x - 6, kTop - 14, highest ? "start" : "end",
      threads(line.racer.threads), speed(line.gflops));
}

}  // namespace

std::string ladder_table(const Race& race) {
  Table table({race.sizes.text(), "threads", "GFLOP/s", "of the peak", "gain"});
  for (const RaceLine& line : race.lines) {
    std::vector<std::string> cells{described(line.racer), std::to_string(line.racer.threads)};
    if (installed(line)) {
      cells.push_back(speed(line.gflops));
      cells.push_back(fmt::format("{:.1f} %", 100 * line.share));
      if (line.gain > 0) cells.push_back(fmt::format("{:.1f} x", line.gain));
    } else {
      cells.emplace_back("not installed");
    }
    table.add(cells);
  }
  return table.text();
}

std::string ladder_svg(const Race& race) {
  double highest = 0;  // of the peaks
  double longest = 0;
  for (const RaceLine& line : race.lines) {
    longest = std::max(longest, line.gflops);
    if (line.racer.kind == Racer::Kind::peak) highest = std::max(highest, line.gflops);
  }
  const double scale = kWidth / longest;
  std::string bars;
  int bottom = kTop;
  for (const RaceLine& line : race.lines) {
    if (line.racer.kind == Racer::Kind::peak) continue;
    bars += bar(line, bottom, scale);
    bottom += kRow;
  }
  std::string peaks;
  for (const RaceLine& line : race.lines) {
    if (line.racer.kind != Racer::Kind::peak) continue;
    peaks += peak(line, bottom, scale, line.gflops == highest);
  }
  const int width = kLeft + kWidth + kRight;
  return fmt::format(
      R"svg(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}"
 role="img" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#1f2937">
<title>The product of {2}, rung by rung</title>
<rect x="0.5" y="0.5" width="{3}" height="{4}" rx="8" fill="#ffffff" stroke="#d1d5db"/>
<text x="24" y="30" font-size="15" font-weight="bold">{2}: GFLOP/s, and the share of the peak</text>
{5}{6}</svg>
)svg",
      width, bottom + 20, race.sizes.text(), width - 1, bottom + 19, peaks, bars);
}

}  // namespace nt
