#include "profile_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "terminal/table.hpp"

namespace nt {
namespace {

void add(Cost& sum, const Cost& cost) {
  sum.flop += cost.flop;
  sum.bytes += cost.bytes;
}

std::string milliseconds(Nanoseconds time) {
  return fmt::format("{:.2f}", static_cast<double>(time) / 1e6);
}

std::string millions(double number) {
  return number > 0 ? fmt::format("{:.1f}", number / 1e6) : "";
}

}  // namespace

double OpLine::gigaflops() const { return total > 0 ? cost.flop / static_cast<double>(total) : 0; }

ProfileSummary summarise(const std::vector<Profile>& profiles) {
  std::map<std::string_view, OpLine> lines;
  ProfileSummary summary;
  OpLine& together = summary.together;
  together.name = "together";
  for (const Profile& profile : profiles) {
    together.total += profile.duration;
    const std::vector<Nanoseconds> self = self_times(profile.spans);
    for (std::size_t i = 0; i < self.size(); ++i) {
      const Span& span = profile.spans[i];
      OpLine& line = lines[span.name];
      line.name = span.name;
      line.calls += 1;
      line.total += span.duration();
      line.self += self[i];
      add(line.cost, span.cost);
      if (span.depth == 0) add(together.cost, span.cost);
    }
  }
  together.self = together.total;
  summary.outside = together.total;
  for (const auto& [name, line] : lines) {
    summary.lines.push_back(line);
    summary.outside -= line.self;
    together.calls += line.calls;
  }
  std::stable_sort(summary.lines.begin(), summary.lines.end(),
                   [](const OpLine& a, const OpLine& b) { return a.self > b.self; });
  return summary;
}

std::string table_of(const ProfileSummary& summary) {
  Table table({"row", "calls", "total ms", "self ms", "of the time", "MFLOP", "GFLOP/s", "MB"});
  const auto share = [&](Nanoseconds time) {
    const auto all = static_cast<double>(std::max<Nanoseconds>(summary.together.total, 1));
    return fmt::format("{:.1f} %", 100 * static_cast<double>(time) / all);
  };
  const auto add_line = [&](const OpLine& line) {
    table.add({std::string(line.name), std::to_string(line.calls), milliseconds(line.total),
               milliseconds(line.self), share(line.self), millions(line.cost.flop),
               line.cost.flop > 0 ? fmt::format("{:.2f}", line.gigaflops()) : "",
               millions(line.cost.bytes)});
  };
  for (const OpLine& line : summary.lines) add_line(line);
  table.add({"outside the table", "", "", milliseconds(summary.outside), share(summary.outside)});
  add_line(summary.together);
  return table.text();
}

}  // namespace nt
