#include "spans.hpp"

#include <chrono>

namespace nt {

std::vector<Nanoseconds> self_times(const std::vector<Span>& spans) {
  // exercise 17.1: what a span takes, its caller did not spend itself
  std::vector<Nanoseconds> self;
  std::vector<std::size_t> callers;  // of the span at hand, the innermost last
  for (const Span& span : spans) {
    callers.resize(static_cast<std::size_t>(span.depth));
    if (!callers.empty()) self[callers.back()] -= span.duration();
    callers.push_back(self.size());
    self.push_back(span.duration());
  }
  return self;
  // end exercise
}

Nanoseconds steady_time() {
  const auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

std::size_t SpanRecorder::open(std::string_view name) {
  const std::size_t number = spans_.size();
  spans_.push_back({name, static_cast<int>(open_.size()), 0, 0, {}});
  open_.push_back(number);
  spans_.back().begin = now();  // last, so that growing the lists is no part of the call
  return number;
}

void SpanRecorder::close() {
  const Nanoseconds end = now();
  spans_[open_.back()].end = end;
  open_.pop_back();
}

Profile SpanRecorder::profile(std::string name) const {
  Profile profile{std::move(name), spans_, now()};
  for (const std::size_t number : open_) profile.spans[number].end = profile.duration;
  return profile;
}

}  // namespace nt
