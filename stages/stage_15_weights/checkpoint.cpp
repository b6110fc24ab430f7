#include "checkpoint.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"
#include "model_file.hpp"

namespace nt {
namespace {

constexpr std::string_view kRecipe = "recipe.";  // before an option's

/// The text that the metadata have under that name.
const std::string& text_in(const std::string& path, const Metadata& metadata,
                           const std::string& name) {
  const auto found = metadata.find(name);
  if (found != metadata.end()) return found->second;
  throw FileError(path, fmt::format("no checkpoint: its metadata have no '{}'", name));
}

/// The number that they have under that name.
template <class Number>
Number number_in(const std::string& path, const Metadata& metadata, const std::string& name) {
  const std::string& text = text_in(path, metadata, name);
  if (const auto number = parse_number<Number>(text)) return *number;
  throw FileError(path,
                  fmt::format("{} should be a number, found '{}'", one_line(name), one_line(text)));
}

}  // namespace

WeightFile checkpoint_of(const TrainingState& state, const Metadata& recipe) {
  WeightFile file{state.weights, sizes_metadata(state.sizes)};
  // exercise 15.6: everything that the next step depends on, each under a name of its own
  for (const auto& [name, buffer] : state.optimizer.buffers) {
    file.arrays.emplace_back(fmt::format("{}{}", kOptimizerPrefix, name), buffer);
  }
  for (const auto& [name, steps] : state.optimizer.steps) {
    file.metadata[fmt::format("{}{}", kStepsPrefix, name)] = std::to_string(steps);
  }
  file.metadata["optimizer"] = state.optimizer.name;
  file.metadata["epoch"] = std::to_string(state.place.epoch);
  file.metadata["batch"] = std::to_string(state.place.batch);
  file.metadata["generator"] = std::to_string(state.place.generator);
  file.metadata["step"] = std::to_string(state.step);
  file.metadata["epoch_loss"] = fmt::format("{}", state.epoch_loss);
  file.metadata["images"] = std::to_string(state.images);
  // end exercise
  for (const auto& [name, value] : recipe)
    file.metadata[fmt::format("{}{}", kRecipe, name)] = value;
  return file;
}

TrainingState state_of(const std::string& path, const WeightFile& file) {
  const auto whole = [&](const std::string& name) {
    return number_in<std::int64_t>(path, file.metadata, name);
  };
  TrainingState state;
  state.step = whole("step");
  state.sizes = sizes_of(path, file);
  state.optimizer.name = text_in(path, file.metadata, "optimizer");
  state.place = {whole("epoch"), whole("batch"),
                 number_in<std::uint64_t>(path, file.metadata, "generator")};
  state.epoch_loss = number_in<double>(path, file.metadata, "epoch_loss");
  state.images = whole("images");
  for (const auto& [name, array] : file.arrays) {
    const bool buffer = name.starts_with(kOptimizerPrefix);
    (buffer ? state.optimizer.buffers : state.weights)
        .emplace_back(buffer ? name.substr(kOptimizerPrefix.size()) : name, array);
  }
  for (const auto& [name, text] : file.metadata) {
    if (name.starts_with(kStepsPrefix)) {
      state.optimizer.steps.emplace_back(name.substr(kStepsPrefix.size()), whole(name));
    }
  }
  return state;
}

void require_recipe(const std::string& path, const WeightFile& file, const Metadata& recipe) {
  for (const auto& [name, now] : recipe) {
    const auto then = file.metadata.find(fmt::format("{}{}", kRecipe, name));
    if (then == file.metadata.end()) {
      throw FileError(path, fmt::format("was made without {}, and now it is {}", name, now));
    }
    if (then->second == now) continue;
    throw FileError(path, fmt::format("was made with {} {}, and now it is {}", name,
                                      one_line(then->second), now));
  }
}

}  // namespace nt
