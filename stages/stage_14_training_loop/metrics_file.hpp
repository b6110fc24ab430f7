#pragma once
// The metrics of a run as JSON lines (https://jsonlines.org): one a step, one an epoch, each there
// as soon as it is known. No time is in them: the same run writes the same bytes.

#include <filesystem>
#include <fstream>
#include <string>

#include "training_run.hpp"

namespace nt {

/// `{"step": 1, "epoch": 0, "loss": 2.5182617, "lr": 0.001, "images": 16}`
std::string json_line(const StepResult& result);

/// `{"epoch": 0, "train_loss": 2.08, "test_loss": 1.78, "right": 381, "images": 1000}`
std::string json_line(const EpochResult& result);

class MetricsFile {
 public:
  /// Begins an empty file. Throws FileError  `x.jsonl: cannot be written: Permission denied`.
  explicit MetricsFile(const std::filesystem::path& path);

  /// Adds json_line(result) as a line. Throws the same.
  template <class Result>
  void add(const Result& result) {
    add_line(json_line(result));
  }

 private:
  void add_line(const std::string& line);

  std::filesystem::path path_;
  std::ofstream file_;
};

}  // namespace nt
