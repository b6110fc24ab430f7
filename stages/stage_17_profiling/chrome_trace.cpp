#include "chrome_trace.hpp"

#include <nlohmann/json.hpp>

namespace nt {
namespace {

using Json = nlohmann::ordered_json;

double microseconds(Nanoseconds time) { return static_cast<double>(time) / 1000; }

Json event(std::string_view name, Nanoseconds begin, Nanoseconds duration) {
  return {{"name", name}, {"ph", "X"}, {"ts", microseconds(begin)}, {"dur", microseconds(duration)},
          {"pid", 1},     {"tid", 1}};
}

}  // namespace

std::string chrome_trace(const std::vector<Profile>& profiles) {
  Json events = Json::array();
  Nanoseconds begin = 0;
  for (const Profile& profile : profiles) {
    events.push_back(event(profile.name, begin, profile.duration));
    for (const Span& span : profile.spans) {
      events.push_back(event(span.name, begin + span.begin, span.duration()));
      events.back()["args"] = {{"FLOP", span.cost.flop}, {"bytes", span.cost.bytes}};
    }
    begin += profile.duration;
  }
  const Json trace{{"traceEvents", std::move(events)}, {"displayTimeUnit", "ms"}};
  return trace.dump(1) + '\n';
}

}  // namespace nt
