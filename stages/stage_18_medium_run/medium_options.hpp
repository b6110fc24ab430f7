#pragma once
// What the program of this stage is told, and the recipe that it follows when it is told nothing.

#include <string>

#include "training_options.hpp"

namespace nt {

/// AdamW at rate 4e-3, which falls as a cosine, 5 epochs of 10 000 images in batches of 32; 2 000
/// images to test with.
TrainingOptions medium_recipe();

struct MediumOptions {
  TrainingOptions training = medium_recipe();
  std::string out;  ///< the folder for the report; empty: out/ of the project, which is created

  /// The files of the report, 18_report.md and 18_report.html, in that folder.
  std::filesystem::path file(const std::string& ending) const;
};

/// Adds --out and the options of training, whose defaults are the recipe's; SGD keeps its rate of
/// 0.1. What makes no sense is refused while the command line is read, as by add_training_options,
/// and a folder in which the report could not be written by UsageError
///   `--out: no such folder: /nowhere`
/// `options` must outlive the app.
void add_medium_options(CLI::App& app, MediumOptions& options);

}  // namespace nt
