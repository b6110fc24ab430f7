#include "epoch_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "terminal/table.hpp"

namespace nt {

void EpochTimes::step(const StepResult& result) {
  const Nanoseconds now = now_();
  EpochShare& share = shares_[result.epoch];
  share.images += result.images;
  share.time += now - last_;
  last_ = now;
}

std::string table_of(const EpochLog& log, const std::map<std::int64_t, EpochShare>& shares,
                     std::int64_t images) {
  Table table({"epoch", "training loss", "test loss", "accuracy", "seconds", "images/s"});
  for (const auto& [epoch, result] : log) {
    std::string seconds = "-", rate = "-";
    const auto seen = shares.find(epoch);
    if (seen != shares.end() && seen->second.images == images) {
      const double taken = static_cast<double>(seen->second.time) / 1e9;
      seconds = fmt::format("{:.1f}", taken);
      rate = fmt::format("{:.0f}", static_cast<double>(images) / taken);
    }
    table.add({std::to_string(epoch + 1), fmt::format("{:.4f}", result.loss),
               fmt::format("{:.4f}", result.test.loss),
               fmt::format("{:.2f} %", 100 * result.test.accuracy()), seconds, rate});
  }
  return table.text();
}

const EpochResult& best(const EpochLog& log) {
  const auto fewer_right = [](const auto& a, const auto& b) {
    return a.second.test.right < b.second.test.right;
  };
  return std::max_element(log.begin(), log.end(), fewer_right)->second;
}

}  // namespace nt
