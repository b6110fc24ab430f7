#include "model_file.hpp"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "checkpoint.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "safetensors.hpp"
#include "state_file.hpp"
#include "weight_json.hpp"

namespace nt {
namespace {

bool is_json(const std::filesystem::path& path) {
  if (path.extension() == ".json") return true;
  if (path.extension() == ".safetensors") return false;
  throw FileError(shown(path), "should be called .json or .safetensors");
}

/// What stage 14 saves, without the training.
std::string json_of(const TinyVitConfig& sizes, const NamedArrays& weights) {
  return fmt::format(
      "{{\n  \"format\": \"one-more-nano-torch\",\n  \"sizes\": {},\n  \"weights\": {}\n}}\n",
      sizes_json(sizes), weights_json(weights, 2));
}

/// The shape of the weight of that name, which has `rank` axes.
Shape shape_of(const std::string& path, const WeightFile& file, const std::string& name, int rank) {
  for (const auto& [found, array] : file.arrays) {
    if (found != name) continue;
    if (array.shape.rank() == rank && array.shape.count() > 0) return array.shape;
    throw FileError(path, fmt::format("'{}' should have {} axes, none of them empty, found {}",
                                      name, rank, array.shape.text()));
  }
  throw FileError(path, fmt::format("no weight '{}'", name));
}

/// How many blocks there are, counted from encoder.0 on.
int depth_of(const WeightFile& file) {
  constexpr std::string_view kEncoder = "encoder.";
  std::set<std::string> blocks;
  for (const auto& [name, array] : file.arrays) {
    if (name.starts_with(kEncoder)) blocks.insert(name.substr(0, name.find('.', kEncoder.size())));
  }
  int depth = 0;
  while (blocks.contains(fmt::format("{}{}", kEncoder, depth))) ++depth;
  return depth;
}

/// The pixels along a side of an image that is cut into so many patches.
std::int64_t image_of(const std::string& path, std::int64_t tokens, std::int64_t patch) {
  constexpr std::int64_t kMostTokens = 1024;  // each of them asks every other one
  if (tokens > kMostTokens) {
    throw FileError(path, fmt::format("a model of {} tokens: at most {}", tokens, kMostTokens));
  }
  const auto side = std::llround(std::sqrt(static_cast<double>(tokens)));
  if (side * side == tokens) return side * patch;
  throw FileError(path,
                  fmt::format("'position_embedding' has {} tokens, which are no square", tokens));
}

/// The heads that the metadata say, or else the baseline's 4; from 1 to as many as `dim`.
int heads_in(const std::string& path, const Metadata& metadata, std::int64_t dim) {
  const auto found = metadata.find("heads");
  if (found == metadata.end()) return TinyVitConfig{}.heads;
  const auto heads = parse_number<std::int64_t>(found->second);
  if (heads && *heads >= 1 && *heads <= dim) return static_cast<int>(*heads);
  throw FileError(path, fmt::format("heads should be a whole number from 1 to {}, found '{}'", dim,
                                    one_line(found->second)));
}

/// The numbers in all weights of a model; a double, since they may be more than can be counted.
double number_count(const TinyVitConfig& sizes) {
  const auto C = static_cast<double>(sizes.dim);
  const auto mlp = static_cast<double>(sizes.mlp);
  const auto T = static_cast<double>(sizes.tokens());
  const auto P = static_cast<double>(sizes.patch);
  const auto classes = static_cast<double>(sizes.classes);
  const double attention = 4 * (C * C + C);  // queries, keys, values, and what joins the heads
  const double block = attention + 2 * C * mlp + mlp + C + 4 * C;  // with two LayerNorms
  return P * P * C + C + T * C + sizes.depth * block + C * classes + classes;
}

/// Those arrays that are weights: a checkpoint has others as well.
NamedArrays weights_in(const WeightFile& file) {
  NamedArrays weights;
  for (const auto& weight : file.arrays) {
    if (!weight.first.starts_with(kOptimizerPrefix)) weights.push_back(weight);
  }
  return weights;
}

/// Throws unless a model of these sizes is about as large as the weights, so that making one takes
/// no more memory than the file did. It may be twice as large: what is missing is named later.
void require_size(const std::string& path, const TinyVitConfig& sizes, const NamedArrays& weights) {
  double found = 0;
  for (const auto& [name, array] : weights) found += static_cast<double>(array.values.size());
  const double expected = number_count(sizes);
  if (expected <= 2 * found) return;
  throw FileError(path,
                  fmt::format("a model of these sizes has {:.0f} numbers, its weights only {:.0f}",
                              expected, found));
}

}  // namespace

WeightFile read_weights(const std::filesystem::path& path) {
  const bool json = is_json(path);
  if (std::filesystem::exists(path) && !std::filesystem::is_regular_file(path)) {
    throw FileError(shown(path), "is no regular file");  // a device may have no end
  }
  const std::string content = read_file(path);
  return json ? decode_weight_json(shown(path), content) : decode_safetensors(shown(path), content);
}

void write_weights(const std::filesystem::path& path, const TinyVitConfig& sizes,
                   const NamedArrays& weights) {
  write_file(path, is_json(path) ? json_of(sizes, weights)
                                 : encode_safetensors({weights, sizes_metadata(sizes)}));
}

Metadata sizes_metadata(const TinyVitConfig& sizes) {
  const auto text = [](std::int64_t size) { return std::to_string(size); };
  return {{"image", text(sizes.image)},    {"patch", text(sizes.patch)}, {"dim", text(sizes.dim)},
          {"depth", text(sizes.depth)},    {"heads", text(sizes.heads)}, {"mlp", text(sizes.mlp)},
          {"classes", text(sizes.classes)}};
}

TinyVitConfig sizes_of(const std::string& path, const WeightFile& file) {
  const auto shape = [&](const char* name, int rank) { return shape_of(path, file, name, rank); };
  TinyVitConfig sizes;
  // exercise 15.5: what each shape says: dim, patch, image, depth, mlp, classes; then the heads
  const Shape positions = shape("position_embedding", 2);
  sizes.dim = positions[1];
  sizes.patch = shape("patch_embedding.weight", 4)[3];
  sizes.image = image_of(path, positions[0], sizes.patch);
  sizes.depth = depth_of(file);
  sizes.mlp = shape("encoder.0.linear1.weight", 2)[0];
  sizes.classes = shape("classifier.weight", 2)[0];
  sizes.heads = heads_in(path, file.metadata, sizes.dim);
  // end exercise
  for (const auto& [name, found] : sizes_metadata(sizes)) {
    const auto said = file.metadata.find(name);
    if (said == file.metadata.end() || said->second == found) continue;
    throw FileError(path, fmt::format("its metadata say {} {}, its weights {}", name,
                                      one_line(said->second), found));
  }
  return sizes;
}

TinyVit model_of(const std::string& path, const WeightFile& file) {
  const TinyVitConfig sizes = sizes_of(path, file);
  const NamedArrays weights = weights_in(file);
  require_size(path, sizes, weights);
  return naming(path, [&] { return with_weights(sizes, weights); });
}

}  // namespace nt
