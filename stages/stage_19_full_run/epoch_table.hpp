#pragma once
// The table at the end of a long run: what all its epochs came to, with the time of those that this
// process has seen.

#include <map>
#include <string>

#include "epoch_log.hpp"
#include "spans.hpp"

namespace nt {

/// What this process saw of an epoch: images, and the time that their steps took.
struct EpochShare {
  std::int64_t images = 0;
  Nanoseconds time = 0;
};

/// Measures the steps of each epoch, with the clock that it is handed.
class EpochTimes {
 public:
  /// Begins now.
  explicit EpochTimes(Clock now) : now_(std::move(now)), last_(now_()) {}

  /// A step has ended: the time since the last call is its epoch's.
  void step(const StepResult& result);

  /// An evaluation has ended: the time since the last call is no epoch's.
  void evaluated() { last_ = now_(); }

  /// By the epoch, counted from 0.
  const std::map<std::int64_t, EpochShare>& shares() const { return shares_; }

 private:
  Clock now_;
  Nanoseconds last_;
  std::map<std::int64_t, EpochShare> shares_;
};

/// A line an epoch: its losses, its accuracy, its seconds and images a second. An epoch of which
/// less than its `images` were seen has `-` for both.
std::string table_of(const EpochLog& log, const std::map<std::int64_t, EpochShare>& shares,
                     std::int64_t images);

/// The epoch with the most right answers, the first one of equals. There is an epoch.
const EpochResult& best(const EpochLog& log);

}  // namespace nt
