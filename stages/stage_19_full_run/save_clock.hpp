#pragma once
// When it is time to save. Every so many steps is the wrong measure for a run that one waits for:
// 25 steps are a tenth of a second on one backend and a minute on another. What may be lost is
// time, so the clock decides. Nothing that is computed depends on when a run is saved.

#include <functional>

#include "spans.hpp"

namespace nt {

class SaveClock {
 public:
  /// Calls `save` at a tick() where `every` seconds, 0 or more, have gone by since the last save
  /// had ended; before the first one, since now. `now` is stage 17's clock, handed in, so that
  /// whoever checks need not wait.
  SaveClock(double every, Clock now, std::function<void()> save);

  /// Called after every step. Saving may take longer than `every`; it is counted from its end, so
  /// that the run still gets on. What `save` throws passes through.
  void tick();

 private:
  Nanoseconds every_;
  Clock now_;
  std::function<void()> save_;
  Nanoseconds last_;
};

}  // namespace nt
