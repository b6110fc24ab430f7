#pragma once
// All that the page is about, gathered: what was trained, what it reads, how near it is to PyTorch,
// how fast the product has become, and what has been proved.

#include <map>
#include <string>
#include <vector>

#include "image_set.hpp"
#include "ladder.hpp"
#include "parity.hpp"
#include "proof_reports.hpp"
#include "test_reading.hpp"
#include "training_run.hpp"

namespace nt {

/// PyTorch's run of training and ours, step by step and epoch by epoch.
struct Curves {
  std::vector<float> losses;  ///< ours, of every step
  std::vector<float> pytorch_losses;
  std::vector<EpochResult> epochs;  ///< ours
  std::vector<double> pytorch_accuracy;
  std::string pytorch;  ///< its version
};

/// The stage that makes the page, and proves itself.
constexpr int kCapstoneStage = 20;

struct Capstone {
  std::string data;    ///< "digits" or "mnist"
  std::string origin;  ///< of the weights
  TinyVitConfig sizes;
  std::int64_t weights = 0;  ///< how many numbers were learned
  ImageSet test;             ///< the images that were read, (N, S, S), with their labels
  TestReading reading;
  std::vector<std::int64_t> mistakes = {};  ///< surest_mistakes
  HostArray heard = {};  ///< patches_heard of the first of them, for as many pictures
  Curves curves = {};
  Parity initial = {};  ///< with PyTorch's initial weights
  Parity trained = {};  ///< with those of the end of its training: gradients
  Race race = {};
  std::vector<RoadmapRow> roadmap = {};
  std::map<int, Proved> proved = {};  ///< by stage

  /// What a stage has proved: no proof where there is no report of it.
  Proved proof_of(int stage) const {
    const auto found = proved.find(stage);
    return found == proved.end() ? Proved{} : found->second;
  }
};

}  // namespace nt
