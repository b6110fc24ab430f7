#pragma once
// The profiler stands between the op table and its kernels: for as long as it lives, each cell of
// the chosen backend's column holds a wrapper, which notes the time and calls what was there. So
// everything that computes through the table is seen, and nothing is edited to be seen.

#include <memory>
#include <string>
#include <vector>

#include "core/backend.hpp"
#include "spans.hpp"

namespace nt {

/// A row whose cell holds a wrapper; see profiler.cpp.
class WrappedRow;

class Profiler {
 public:
  /// Wraps every row, in the column of the chosen backend. A row without a kernel of its own goes
  /// to its fallback as before, and what that calls is seen within it. Calls come from one thread,
  /// the one that trains; threads that a kernel has are its own affair. Of several profilers the
  /// last one ends first.
  explicit Profiler(Clock clock = steady_time);
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;

  /// The column is as it was.
  ~Profiler();

  /// The calls so far, also those that ended by throwing: they cost nothing. What the profiler does
  /// itself, less than a microsecond a call, is time of the caller.
  Profile profile(std::string name) const { return recorder_.profile(std::move(name)); }

  /// The names of the wrapped rows.
  std::vector<std::string> wrapped() const;

 private:
  SpanRecorder recorder_;
  std::vector<std::unique_ptr<WrappedRow>> rows_;
};

/// What `work` called, on the chosen backend.
Profile profile_of(std::string name, const std::function<void()>& work, Clock clock = steady_time);

}  // namespace nt
