#pragma once
// What a profiler writes down: of every call when it began, when it ended, and within how many
// others. All else, which operation takes the time and how quick it is, is worked out of that
// afterwards.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "op_cost.hpp"

namespace nt {

/// Integers, so that parts add up to their sum exactly.
using Nanoseconds = std::int64_t;

/// One call.
struct Span {
  std::string_view name;  ///< of the row of the op table that was called
  int depth;              ///< how many other calls it was made within
  Nanoseconds begin;      ///< since the recording began
  Nanoseconds end;
  Cost cost;

  Nanoseconds duration() const { return end - begin; }
};

/// The calls of something that was watched, such as a training step.
struct Profile {
  std::string name;         ///< of what was watched
  std::vector<Span> spans;  ///< in the order in which they began
  Nanoseconds duration;     ///< from the beginning of the recording to its end
};

/// Of each span the time that it spent itself: its duration without those of the calls that were
/// made directly within it. Therefore all self times together are the durations of the outermost
/// spans together.   spans: in the order in which they began
std::vector<Nanoseconds> self_times(const std::vector<Span>& spans);

/// Tells the time; only differences of it mean anything.
using Clock = std::function<Nanoseconds()>;

/// std::chrono::steady_clock, which nobody sets.
Nanoseconds steady_time();

/// Keeps the spans of one thread.
class SpanRecorder {
 public:
  explicit SpanRecorder(Clock clock) : clock_(std::move(clock)), start_(clock_()) {}

  /// Begins a span within those that are open, and returns its number.
  std::size_t open(std::string_view name);

  /// Ends the innermost span that is open. There is one.
  void close();

  void set_cost(std::size_t number, const Cost& cost) { spans_[number].cost = cost; }

  /// What there is so far; a span that is still open ends now.
  Profile profile(std::string name) const;

 private:
  Nanoseconds now() const { return clock_() - start_; }

  Clock clock_;
  Nanoseconds start_;
  std::vector<Span> spans_;
  std::vector<std::size_t> open_;  // numbers of spans, the innermost last
};

}  // namespace nt
