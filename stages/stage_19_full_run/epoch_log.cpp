#include "epoch_log.hpp"

#include <fmt/format.h>

#include <set>

#include "core/errors.hpp"
#include "json_reader.hpp"
#include "metrics_file.hpp"

namespace nt {
namespace {

constexpr std::string_view kResult = "result.";  // before an epoch's number
constexpr std::int64_t kMostEpochs = 100'000;    // that --epochs takes

/// The name of an epoch's entry.
std::string entry(std::int64_t epoch) { return fmt::format("{}{}", kResult, epoch + 1); }

/// The result that json_line wrote as `line`; `name` is where it stands, as an error names it.
EpochResult read_result(const std::string& name, std::string_view line) {
  EpochResult result{};
  // exercise 19.2: each member by its name, whatever their order; all of them, and nothing behind
  std::set<std::string> missing{"epoch", "train_loss", "test_loss", "right", "images"};
  JsonReader json(name, line);
  json.object([&](const std::string& key) {
    if (missing.erase(key) == 0) return json.skip();
    if (key == "epoch") result.epoch = json.number<std::int64_t>();
    if (key == "train_loss") result.loss = json.number<double>();
    if (key == "test_loss") result.test.loss = json.number<double>();
    if (key == "right") result.test.right = json.number<std::int64_t>();
    if (key == "images") result.test.images = json.number<std::int64_t>();
  });
  json.end();
  if (!missing.empty()) throw FileError(name, fmt::format("no '{}'", *missing.begin()));
  return result;
  // end exercise
}

/// Refuses what no run can have written there.
void require_possible(const std::string& place, const std::string& name,
                      const EpochResult& result) {
  const bool counted = result.epoch >= 0 && result.epoch < kMostEpochs;
  if (!counted || entry(result.epoch) != name) {
    throw FileError(place, fmt::format("is of epoch {}, counted from 0", result.epoch));
  }
  const Evaluation& test = result.test;
  if (test.right < 0 || test.images < 1 || test.right > test.images) {
    throw FileError(place, fmt::format("has {} of {} images right", test.right, test.images));
  }
}

}  // namespace

Metadata log_metadata(const EpochLog& log) {
  Metadata metadata;
  for (const auto& [epoch, result] : log) metadata[entry(epoch)] = json_line(result);
  return metadata;
}

EpochLog log_of(const std::string& path, const Metadata& metadata) {
  EpochLog log;
  for (const auto& [name, line] : metadata) {
    if (!name.starts_with(kResult)) continue;
    const std::string place = fmt::format("{}: {}", path, one_line(name));
    const EpochResult result = read_result(place, line);
    require_possible(place, name, result);
    log[result.epoch] = result;
  }
  return log;
}

}  // namespace nt
