#include "terminal/progress.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "terminal/style.hpp"

namespace nt {

Progress::Progress(std::string label, std::int64_t total)
    : label_(std::move(label)), total_(total) {}

void Progress::step(const std::string& note) {
  ++done_;
  const bool quarter_done = done_ * 4 / total_ != (done_ - 1) * 4 / total_;
  if (on_terminal() || quarter_done) draw(note);
}

void Progress::draw(const std::string& note) const {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
  const double rate = static_cast<double>(done_) / elapsed.count();
  const double left = static_cast<double>(total_ - done_) / rate;
  constexpr std::int64_t kWidth = 30;
  const auto filled = static_cast<std::size_t>(kWidth * done_ / total_);
  const std::string bar = std::string(filled, '=') + std::string(kWidth - filled, ' ');
  const std::string line = fmt::format("{} [{}] {}/{}  {:.1f}/s  {:.0f} s left  {}", label_, bar,
                                       done_, total_, rate, left, note);
  const bool last = done_ == total_;
  fmt::print("{}{}{}", on_terminal() ? "\r" : "", line, on_terminal() && !last ? "\x1b[K" : "\n");
  std::fflush(stdout);
}

}  // namespace nt
