// Profiles as a table, as a trace and as a picture, made of spans by hand.

#include <nlohmann/json.hpp>

#include "check/catch.hpp"
#include "check/occurrences.hpp"
#include "chrome_trace.hpp"
#include "flame_svg.hpp"
#include "profile_report.hpp"

namespace nt {
namespace {

using Json = nlohmann::json;

/// 10 ms: a mean of 4 ms, which spends 3 of them in a sum, and after 1 ms a product of 5 ms.
Profile ten_milliseconds() {
  return {"step",
          {{"mean", 0, 0, 4'000'000, {2e6, 1e6}},
           {"sum", 1, 500'000, 3'500'000, {1.5e6, 8e5}},
           {"matmul", 0, 5'000'000, 10'000'000, {4e7, 3e6}}},
          10'000'000};
}

TEST_CASE("a summary adds up the calls of each row", "[stage_17][17.1]") {
  const ProfileSummary summary = summarise({ten_milliseconds(), ten_milliseconds()});
  REQUIRE(summary.lines.size() == 3);
  const OpLine& matmul = summary.lines[0];  // the longest self time stands first
  CHECK(matmul.name == "matmul");
  CHECK(matmul.calls == 2);
  CHECK(matmul.total == 10'000'000);
  CHECK(matmul.self == 10'000'000);
  CHECK(matmul.cost == Cost{8e7, 6e6});
  CHECK(matmul.gigaflops() == 8);
  const OpLine& mean = summary.lines[2];
  CHECK(mean.name == "mean");
  CHECK(mean.total == 8'000'000);
  CHECK(mean.self == 2'000'000);
  CHECK(summary.outside == 2'000'000);
  CHECK(summary.together.calls == 6);
  CHECK(summary.together.total == 20'000'000);
  // What the sum costs within the mean is the mean's cost, and is not counted twice.
  CHECK(summary.together.cost == Cost{8.4e7, 8e6});
}

TEST_CASE("the table has a line for each row, the time outside, and all together",
          "[stage_17][17.1]") {
  CHECK(table_of(summarise({ten_milliseconds()})) ==
        "row                calls  total ms  self ms  of the time  MFLOP  GFLOP/s   MB\n"
        "-----------------------------------------------------------------------------\n"
        "matmul                 1      5.00     5.00       50.0 %   40.0     8.00  3.0\n"
        "sum                    1      3.00     3.00       30.0 %    1.5     0.50  0.8\n"
        "mean                   1      4.00     1.00       10.0 %    2.0     0.50  1.0\n"
        "outside the table                      1.00       10.0 %\n"
        "together               3     10.00    10.00      100.0 %   42.0     4.20  4.0\n");
}

TEST_CASE("a profile of nothing is empty and not a division by 0", "[stage_17][17.1]") {
  const ProfileSummary summary = summarise({{"nothing", {}, 0}});
  CHECK(summary.lines.empty());
  CHECK(summary.together.gigaflops() == 0);
  CHECK(table_of(summary).find("nan") == std::string::npos);
  CHECK(flame_svg({"nothing", {}, 0}).find("nan") == std::string::npos);
}

TEST_CASE("a trace has complete events in microseconds", "[stage_17]") {
  const Json trace = Json::parse(chrome_trace({ten_milliseconds(), ten_milliseconds()}));
  CHECK(trace.at("displayTimeUnit") == "ms");
  const Json& events = trace.at("traceEvents");
  REQUIRE(events.size() == 8);
  for (const Json& event : events) {
    CHECK(event.at("ph") == "X");
    CHECK(event.at("pid") == 1);
    CHECK(event.at("tid") == 1);
  }
  CHECK(events[0].at("name") == "step");
  CHECK(events[0].at("ts") == 0);
  CHECK(events[0].at("dur") == 10'000);
  CHECK(events[2].at("name") == "sum");
  CHECK(events[2].at("ts") == 500);
  CHECK(events[2].at("dur") == 3'000);
  CHECK(events[2].at("args") == Json{{"FLOP", 1.5e6}, {"bytes", 8e5}});
  // The second profile begins where the first has ended.
  CHECK(events[4].at("ts") == 10'000);
  CHECK(events[6].at("ts") == 10'500);
  CHECK(Json::parse(chrome_trace({})).at("traceEvents").empty());
}

TEST_CASE("the picture has a bar for each call, as long as the call", "[stage_17][17.1]") {
  const std::string svg = flame_svg(ten_milliseconds());
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count(svg, "<g>") == 3);
  CHECK(count(svg, "</g>") == 3);
  CHECK(svg.find("step: 10.00 ms, 3 calls") != std::string::npos);
  // 1200 places for 10 ms, behind a margin of 20; the sum hangs one bar below the mean.
  CHECK(svg.find("<rect x=\"20.00\" y=\"90\" width=\"480.00\"") != std::string::npos);
  CHECK(svg.find("<rect x=\"80.00\" y=\"272\" width=\"360.00\"") != std::string::npos);
  CHECK(svg.find("<rect x=\"620.00\" y=\"90\" width=\"600.00\"") != std::string::npos);
  CHECK(svg.find("mean: 4000.0 us, 1000.0 us of them itself") != std::string::npos);
  CHECK(svg.find("prefers-color-scheme: dark") != std::string::npos);
}

TEST_CASE("the key tells the share of each row, from the longest on", "[stage_17][17.1]") {
  const std::string svg = flame_svg(ten_milliseconds());
  const auto at = [&](const std::string& words) {
    const std::size_t place = svg.find(words);
    CHECK(place != std::string::npos);
    return place;
  };
  CHECK(at("50.0 %   1 call, 8.0 GFLOP/s") < at("30.0 %   1 call, 0.5 GFLOP/s"));
  CHECK(at("outside the table") < at("50.0 %"));
}

}  // namespace
}  // namespace nt
