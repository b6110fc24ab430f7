#pragma once
// How far a long computation is: a bar that is drawn over on a terminal, four plain lines
// elsewhere. The bar has no colours and no control sequences beyond the carriage return, so there
// is nothing that NO_COLOR would have to forbid.

#include <chrono>
#include <cstdint>
#include <string>

namespace nt {

class Progress {
 public:
  /// `label` says what is counted, `total` (at least 1) how many steps there are, `done` how many
  /// of them an earlier run has taken: they count for the bar, and not for the rate.
  Progress(std::string label, std::int64_t total, std::int64_t done = 0);

  /// Ends the line where it is still drawn over.
  ~Progress();

  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// One more step is done; `note` is shown behind the bar, such as "loss 0.6931". A terminal is
  /// drawn on at most ten times a second, and at the last step.
  void step(const std::string& note);

 private:
  using Clock = std::chrono::steady_clock;

  std::string line(const std::string& note, int width) const;
  void draw_over(const std::string& note);

  std::string label_;
  std::int64_t total_;
  std::int64_t before_;  // steps of an earlier run
  std::int64_t done_;    // those included
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_draw_ = start_;
  std::size_t drawn_ = 0;  // columns of the line that stands on the terminal
};

/// The line of a computation with `done` of `total` steps done, at `rate` steps a second:
///   `training [===============               ] 125/250  20.0/s  6 s left  loss 1.9031`
/// The bar has 30 columns, less where the line would have more than `width`; a line for which that
/// is not enough is cut.
std::string progress_line(const std::string& label, std::int64_t done, std::int64_t total,
                          double rate, const std::string& note, int width);

/// `59 s`, `3 min 05 s`, `2 h 07 min`; `?` for what is no number of seconds.
std::string duration(double seconds);

}  // namespace nt
