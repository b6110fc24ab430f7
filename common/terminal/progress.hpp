#pragma once
// How far a long computation is: a bar that is drawn over on a terminal, four plain lines
// elsewhere.

#include <chrono>
#include <cstdint>
#include <string>

namespace nt {

class Progress {
 public:
  /// `label` says what is counted, `total` (at least 1) how many steps there will be.
  Progress(std::string label, std::int64_t total);

  /// One more step is done; `note` is shown behind the bar, such as "loss 0.6931".
  void step(const std::string& note);

 private:
  void draw(const std::string& note) const;

  std::string label_;
  std::int64_t total_;
  std::int64_t done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace nt
