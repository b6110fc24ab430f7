// stage_15_weights: weights go into files of two formats and come back bit for bit. With --weights
// it classifies any images; with --checkpoint it trains, and with --resume it goes on.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <bit>
#include <memory>

#include "answers.hpp"
#include "baseline.hpp"
#include "classify.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "model_file.hpp"
#include "program/program.hpp"
#include "resumable.hpp"
#include "safetensors.hpp"
#include "terminal/table.hpp"
#include "watched_run.hpp"
#include "weight_json.hpp"
#include "weight_options.hpp"

namespace {

namespace fs = std::filesystem;

/// Logits of up to 9 in float32, ours and PyTorch's; measured on both data sets and backends: at
/// most 2.4e-6.
constexpr double kLogits = 1e-5;

/// Everything that a trainer's next step depends on, in one string of bytes.
std::string bytes_of(const nt::Trainer& trainer) {
  return encode_safetensors(checkpoint_of(trainer.state(), {}));
}

/// --as: the weights in another file, perhaps of the other format.
void copy_weights(const nt::WeightOptions& asked, const nt::TinyVit& model, nt::Proofs& proofs) {
  const nt::NamedArrays weights = weights_of(model);
  nt::write_weights(asked.as, model.config, weights);
  fmt::print("{} weights: {}\n\n", weights.size(), nt::shown(asked.as));
  proofs.at_most("weights in the file that are not the model's", "numbers",
                 nt::differing(nt::read_weights(asked.as).arrays, weights), 0);
}

/// --images: every image through the model, a line each.
void classify_images(const nt::WeightOptions& asked, const nt::TinyVit& model, nt::Proofs& proofs) {
  const nt::ImageSet images = nt::read_images(asked.images, asked.labels);
  const nt::HostArray logits = logits_of(model, images);
  const std::string lines = answer_lines(logits, images.labels);
  nt::write_file(asked.logits, lines);
  fmt::print("{} images, a line each: {}\n", images.count(), nt::shown(asked.logits));
  if (!images.labels.empty()) {
    const auto wrong = std::ssize(nt::mistakes(nt::classes_of(logits), images.labels));
    fmt::print("{} of them are read as they are labelled\n", images.count() - wrong);
  }
  fmt::print("\n");
  const bool device = !fs::is_regular_file(asked.logits);
  const std::string written = device ? lines : nt::read_file(asked.logits);
  proofs.at_most(
      "logits in the file that are not the model's", "numbers",
      nt::differing({{"logits", nt::read_answers(asked.logits, written)}}, {{"logits", logits}}),
      0);
}

/// --weights: what is asked of them.
void use_weights(const nt::WeightOptions& asked, nt::Proofs& proofs) {
  const nt::TinyVit model = model_of(asked.weights, nt::read_weights(asked.weights));
  if (!asked.as.empty()) copy_weights(asked, model, proofs);
  if (!asked.images.empty()) classify_images(asked, model, proofs);
}

/// All steps that are left; an interrupted run is saved where it stands.
nt::WatchedRun train_saved(nt::Trainer& trainer, const nt::ImageSet& test,
                           const nt::Checkpoints& checkpoints) try {
  return train_watched(trainer, test, {}, save_in_time(trainer, checkpoints));
} catch (const nt::Interrupted&) {
  save(trainer, checkpoints);
  throw;
}

/// --checkpoint: trains to the end, perhaps from the middle on.
void train_with_checkpoints(const nt::WeightOptions& asked, const nt::Options& options,
                            nt::Proofs& proofs) {
  const nt::ImageSets sets = read_training_sets(asked.training, options.data);
  nt::Trainer trainer = make_trainer(asked.training, sets.train, options.seed);
  const nt::Checkpoints checkpoints{asked.checkpoint, asked.every,
                                    recipe_of(asked.training, sets.name, options.seed)};
  if (asked.resume && fs::exists(asked.checkpoint)) {
    resume(trainer, checkpoints);
    fmt::print("resumed at step {} of {}\n", trainer.done(), trainer.steps());
  }
  const nt::WatchedRun run = train_saved(trainer, sets.test, checkpoints);
  fmt::print("\n{}\nthe state after step {}: {}\n\n", table_of(run), trainer.done(),
             nt::shown(asked.checkpoint));
  nt::Trainer reader = make_trainer(asked.training, sets.train, options.seed);
  resume(reader, checkpoints);
  proofs.at_most("the state in the file, and the trainer's", "differ",
                 bytes_of(reader) == bytes_of(trainer) ? 0 : 1, 0);
}

/// The files that the program writes where it is asked for nothing.
fs::path out_file(const std::string& suffix) {
  const fs::path folder = nt::project_root() / "out";
  fs::create_directories(folder);
  return folder / ("stage_15_weights" + suffix);
}

std::string hex(std::string_view bytes) {
  return fmt::format("{:02x}",
                     fmt::join(std::vector<unsigned char>(bytes.begin(), bytes.end()), " "));
}

/// What each file weighs and how it begins; one number in both.
void show_files(const nt::NamedArrays& weights, const std::string& json,
                const std::string& binary) {
  std::size_t numbers = 0;
  for (const auto& [name, array] : weights) numbers += array.values.size();
  nt::Table table({"file", "bytes", "bytes a number"});
  const auto add = [&](const std::string& suffix, const std::string& content) {
    table.add({nt::shown(out_file(suffix)), std::to_string(content.size()),
               fmt::format("{:.2f}",
                           static_cast<double>(content.size()) / static_cast<double>(numbers))});
  };
  add(".json", json);
  add(".safetensors", binary);
  fmt::print("\n{} numbers in {} arrays\n{}", numbers, weights.size(), table.text());

  const std::string_view head(binary);
  fmt::print("\nthe JSON begins\n{:.244}...\n", json);
  fmt::print("\nthe other begins with the header's length, {}, then the header\n{:.152}...\n",
             hex(head.substr(0, 8)), head.substr(8));

  const float last = weights.back().second.values.back();
  fmt::print("\nthe last number, {:08x}: {} in the JSON, and the last bytes of the other, {}\n",
             std::bit_cast<std::uint32_t>(last), last, hex(head.substr(head.size() - 4)));
}

/// A file's content with the first `find` replaced.
std::string edited(std::string content, const std::string& find, const std::string& replacement) {
  return content.replace(content.find(find), find.size(), replacement);
}

/// What readers say of files that were damaged, or made to harm; and how many they took.
double show_refusals(const std::string& json, const std::string& binary) {
  const std::string huge = "\xff\xff\xff\xff\xff\xff\xff\x7f" + binary.substr(8);
  const std::pair<const char*, std::string> files[] = {
      {"half.safetensors", binary.substr(0, binary.size() / 2)},
      {"huge.safetensors", huge},
      {"type.safetensors", edited(binary, "\"F32\"", "\"F64\"")},
      {"overlap.safetensors", edited(binary, "[12544,", "[12540,")},
      {"nan.safetensors", binary.substr(0, binary.size() - 4) + std::string("\0\0\xc0\x7f", 4)},
      {"half.json", json.substr(0, json.size() / 2)},
      {"nan.json", edited(json, "\"values\": [", "\"values\": [NaN, ")},
      {"name.json", edited(json, "classifier.bias", "classifer.bias")},
  };
  double taken = 0;
  fmt::print("\nfiles that are refused:\n");
  for (const auto& [name, content] : files) {
    try {
      model_of(name, std::string_view(name).ends_with(".json")
                         ? nt::decode_weight_json(name, content)
                         : nt::decode_safetensors(name, content));
      ++taken;
    } catch (const nt::FileError& error) {
      fmt::print("  {}\n", error.what());
    }
  }
  fmt::print("\n");
  return taken;
}

/// Ten steps, and the same ten with a file in between: does the state differ?
double interrupted_run_differs(const nt::Options& options) {
  nt::TrainingOptions training;
  training.epochs = 1;
  training.batch = 4;
  training.train = 40;
  training.test = 1;
  const nt::ImageSets sets = read_training_sets(training, options.data);
  const nt::Checkpoints checkpoints{out_file("_checkpoint.safetensors"), 5, {}};
  nt::Trainer whole = make_trainer(training, sets.train, options.seed);
  while (whole.done() < 5) whole.step();
  save(whole, checkpoints);
  while (!whole.finished()) whole.step();
  nt::Trainer resumed = make_trainer(training, sets.train, options.seed);
  resume(resumed, checkpoints);
  while (!resumed.finished()) resumed.step();
  return bytes_of(whole) == bytes_of(resumed) ? 0 : 1;
}

/// PyTorch's trained weights into both files and back.
void show_and_prove(const nt::Options& options, nt::Proofs& proofs) {
  const nt::Baseline baseline = nt::load_baseline(options.data);
  const nt::NamedArrays weights = baseline.frozen.group("adamw/weights.1/");
  const fs::path json = out_file(".json");
  const fs::path binary = out_file(".safetensors");
  nt::write_weights(json, {}, weights);
  nt::write_weights(binary, {}, weights);
  show_files(weights, nt::read_file(json), nt::read_file(binary));
  const double taken = show_refusals(nt::read_file(json), nt::read_file(binary));

  for (const fs::path& path : {json, binary}) {
    const std::string format = path.extension().string();
    const nt::WeightFile file = nt::read_weights(path);
    proofs.at_most("weights that came back changed, " + format, "numbers",
                   differing(file.arrays, weights), 0);
    const nt::TinyVit model = model_of(nt::shown(path), file);
    proofs.close("logits of X_ref with them, against PyTorch",
                 model(nt::Tensor(nt::op::array(baseline.x_ref))).data().host(),
                 baseline.frozen.floats("adamw/logits.1"), kLogits);
  }
  proofs.at_most("damaged files that were taken", "files", taken, 0);
  proofs.at_most("ten steps, a checkpoint in the middle: the state", "differs",
                 interrupted_run_differs(options), 0);
}

void run_mode(const nt::WeightOptions& asked, const nt::Options& options, nt::Proofs& proofs) {
  nt::install_patches();
  nt::set_backend(options.backend);
  if (!asked.weights.empty()) return use_weights(asked, proofs);
  if (!asked.checkpoint.empty()) return train_with_checkpoints(asked, options, proofs);
  show_and_prove(options, proofs);
}

}  // namespace

nt::Program nt::program() {
  const auto asked = std::make_shared<WeightOptions>();
  return {
      .name = "stage 15 weights",
      .summary = "Weights in files, bit for bit: PyTorch's come here, ours go there",
      .backends = {nt::Backend::naive, nt::Backend::eigen},
      .run = [asked](const Options& options, Proofs& proofs) { run_mode(*asked, options, proofs); },
      .add_options = [asked](CLI::App& app) { add_weight_options(app, *asked); }};
}
