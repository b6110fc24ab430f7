#pragma once
// What has been proved: the roadmap of the course, and the reports that programs have written with
// --report. A stage counts for what its program proved, never for what a list says of it.

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "program/proofs.hpp"

namespace nt {

/// A row of the roadmap.
struct RoadmapRow {
  int stage;
  std::string name;      ///< "stage_07_attention"; of stage 0 "stage_00_baseline", its program
  std::string adds;      ///< "single-head attention"
  std::string pays_out;  ///< "an attention map over a digit"
};

/// The rows of a checklist as AGENTS.md has it, in their order; whether they are ticked there does
/// not matter.   - [x] 7 stage_07_attention: single-head attention -> an attention map over a digit
/// Throws FileError for text without any: `AGENTS.md: has no row of a roadmap`
std::vector<RoadmapRow> read_roadmap(const std::filesystem::path& agents);

/// What one stage has proved.
struct Proved {
  int proofs = 0;
  int hold = 0;

  bool all() const;  ///< there is a proof, and all hold
  bool operator==(const Proved&) const = default;
};

/// What a program has proved so far.
Proved proved_by(const Proofs& proofs);

/// What the reports in a folder say, by stage: all files .json in it, as --report writes them. Of
/// several reports of one stage, on several backends say, the proofs are added up. A proof holds if
/// its value is a number and not above its limit, whatever `pass` says. Nothing is said where there
/// is no such folder. Throws FileError
///   `x.json: no report of proofs: ...`
std::map<int, Proved> read_reports(const std::filesystem::path& folder);

}  // namespace nt
