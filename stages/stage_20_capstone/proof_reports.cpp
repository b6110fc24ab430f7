#include "proof_reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <sstream>

#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"

namespace nt {
namespace {

/// "stage 07 attention" -> 7.
int stage_of(const std::string& program) {
  std::smatch number;
  if (!std::regex_match(program, number, std::regex("stage (\\d\\d) .+"))) {
    throw Error(fmt::format("'{}' is no stage's program", program));
  }
  return std::stoi(number[1]);
}

bool holds(const nlohmann::json& proof) {
  const nlohmann::json& value = proof.at("value");  // null where it was NaN or infinite
  const nlohmann::json& limit = proof.at("limit");
  return value.is_number() && limit.is_number() && value.get<double>() <= limit.get<double>();
}

void add_report(const std::filesystem::path& path, std::map<int, Proved>& reports) try {
  const nlohmann::json report = nlohmann::json::parse(read_file(path));
  Proved& proved = reports[stage_of(report.at("program").get<std::string>())];
  for (const nlohmann::json& proof : report.at("proofs")) {
    ++proved.proofs;
    proved.hold += holds(proof) ? 1 : 0;
  }
} catch (const FileError&) {
  throw;
} catch (const std::exception& error) {
  throw FileError(shown(path), fmt::format("no report of proofs: {}", error.what()));
}

}  // namespace

std::vector<RoadmapRow> read_roadmap(const std::filesystem::path& agents) {
  const std::regex form(R"(- \[[ x]\] (\d+) (\w+): (.+?) -> (.+))");
  std::vector<RoadmapRow> rows;
  std::istringstream lines(read_file(agents));
  for (std::string line; std::getline(lines, line);) {
    std::smatch row;
    if (!std::regex_match(line, row, form)) continue;
    const int stage = std::stoi(row[1]);
    rows.push_back({stage, stage == 0 ? "stage_00_baseline" : row[2].str(), row[3], row[4]});
  }
  if (rows.empty()) throw FileError(shown(agents), "has no row of a roadmap");
  return rows;
}

bool Proved::all() const { return proofs > 0 && hold == proofs; }

Proved proved_by(const Proofs& proofs) {
  const std::vector<Proof>& all = proofs.all();
  return {static_cast<int>(all.size()),
          static_cast<int>(std::count_if(all.begin(), all.end(),
                                         [](const Proof& proof) { return proof.holds(); }))};
}

std::map<int, Proved> read_reports(const std::filesystem::path& folder) {
  std::map<int, Proved> reports;
  if (!std::filesystem::is_directory(folder)) return reports;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") add_report(entry.path(), reports);
  }
  return reports;
}

}  // namespace nt
