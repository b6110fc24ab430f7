#include "terminal/progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "terminal/style.hpp"
#include "terminal/table.hpp"

namespace nt {

Progress::Progress(std::string label, std::int64_t total, std::int64_t done)
    : label_(std::move(label)), total_(total), before_(done), done_(done) {}

Progress::~Progress() {
  if (drawn_ > 0) std::fputs("\n", stdout);
}

void Progress::step(const std::string& note) {
  ++done_;
  if (on_terminal()) return draw_over(note);
  if (done_ * 4 / total_ == (done_ - 1) * 4 / total_) return;
  fmt::print("{}\n", line(note, std::numeric_limits<int>::max()));
  std::fflush(stdout);
}

std::string Progress::line(const std::string& note, int width) const {
  const std::chrono::duration<double> elapsed = Clock::now() - start_;
  const double rate = static_cast<double>(done_ - before_) / elapsed.count();
  return progress_line(label_, done_, total_, rate, note, width);
}

void Progress::draw_over(const std::string& note) {
  const Clock::time_point now = Clock::now();
  if (now < next_draw_ && done_ < total_) return;
  next_draw_ = now + std::chrono::milliseconds(100);
  const std::string text =
      line(note, terminal_width() - 1);  // the last column would break the line
  const std::size_t columns = display_width(text);
  const std::string rest(std::max(drawn_, columns) - columns, ' ');  // of a longer line before
  fmt::print("\r{}{}{}", text, rest, done_ == total_ ? "\n" : "");
  std::fflush(stdout);
  drawn_ = done_ == total_ ? 0 : columns;
}

std::string progress_line(const std::string& label, std::int64_t done, std::int64_t total,
                          double rate, const std::string& note, int width) {
  const std::string left = duration(static_cast<double>(total - done) / rate);
  const std::string numbers =
      fmt::format("{}/{}  {:.1f}/s  {} left  {}", done, total, rate, left, note);
  const auto used = static_cast<std::int64_t>(display_width(label) + display_width(numbers) + 4);
  const std::int64_t columns = std::clamp<std::int64_t>(width - used, 0, 30);
  const auto filled = static_cast<std::size_t>(columns * done / total);
  const std::string bar(filled, '=');
  const std::string rest(static_cast<std::size_t>(columns) - filled, ' ');
  const std::string line = fmt::format("{} [{}{}] {}", label, bar, rest, numbers);
  return line.substr(0, static_cast<std::size_t>(std::max(width, 0)));
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return "?";
  const auto whole = static_cast<std::int64_t>(std::lround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace nt
