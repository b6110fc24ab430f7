#include "metrics_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "core/errors.hpp"
#include "core/paths.hpp"
#include "state_file.hpp"

namespace nt {

std::string json_line(const StepResult& result) {
  return fmt::format(R"({{"step": {}, "epoch": {}, "loss": {}, "lr": {}, "images": {}}})",
                     result.step, result.epoch, json_number(result.loss), json_number(result.lr),
                     result.images);
}

std::string json_line(const EpochResult& result) {
  return fmt::format(
      R"({{"epoch": {}, "train_loss": {}, "test_loss": {}, "right": {}, "images": {}}})",
      result.epoch, json_number(result.loss), json_number(result.test.loss), result.test.right,
      result.test.images);
}

MetricsFile::MetricsFile(const std::filesystem::path& path) : path_(path), file_(path) {
  if (!file_)
    throw FileError(shown(path_), fmt::format("cannot be written: {}", std::strerror(errno)));
}

void MetricsFile::add_line(const std::string& line) {
  file_ << line << std::endl;  // flushed, so that it can be followed and survives a kill
  if (!file_)
    throw FileError(shown(path_), fmt::format("cannot be written: {}", std::strerror(errno)));
}

}  // namespace nt
