#include "tinyvit.hpp"

#include <fmt/format.h>

#include "core/errors.hpp"

namespace nt {
namespace {

void require_positive(const char* what, std::int64_t found) {
  if (found >= 1) return;
  throw Error(fmt::format("tinyvit: {} should be 1 or more, found {}", what, found));
}

/// The sizes, if they make a model.
const TinyVitConfig& checked(const TinyVitConfig& sizes) {
  require_positive("image", sizes.image);
  require_positive("patch", sizes.patch);
  require_positive("dim", sizes.dim);
  require_positive("depth", sizes.depth);
  require_positive("heads", sizes.heads);
  require_positive("mlp", sizes.mlp);
  require_positive("classes", sizes.classes);
  if (sizes.image % sizes.patch == 0) return sizes;
  throw Error(
      fmt::format("tinyvit: patches of {} do not divide an image of {}", sizes.patch, sizes.image));
}

/// Without this, an image of another size whose tokens broadcast against the positions would pass.
void require_images(const Shape& found, std::int64_t S) {
  if (found.rank() == 4 && found == Shape{found[0], 1, S, S}) return;
  throw ShapeError(
      fmt::format("tinyvit: images should be (B, 1, {0}, {0}), found {1}", S, found.text()));
}

std::string block_name(std::size_t block) { return fmt::format("encoder.{}", block); }

/// What a block tells, handed on with the block's name in front.
Watch watch_inside(const std::string& block, const Watch& watch) {
  if (!watch) return {};
  return [block, watch](const std::string& layer, const Tensor& activation) {
    watch(block + "." + layer, activation);
  };
}

}  // namespace

TinyVit::TinyVit(const TinyVitConfig& sizes, Random& random)
    : config(checked(sizes)),
      patch_embedding(own("patch_embedding", PatchEmbedding(config.patch, config.dim, random))),
      position_embedding(own("position_embedding", normal({config.tokens(), config.dim}, random))),
      encoder(own_blocks(random)),
      classifier(own("classifier", Linear(config.dim, config.classes, random))) {}

std::vector<EncoderBlock> TinyVit::own_blocks(Random& random) {
  // exercise 10.1: config.depth blocks, each with weights of its own under its block_name
  std::vector<EncoderBlock> blocks;
  for (std::size_t i = 0; i < static_cast<std::size_t>(config.depth); ++i) {
    EncoderBlock block(config.dim, config.heads, config.mlp, random);
    blocks.push_back(own(block_name(i), block));
  }
  return blocks;
  // end exercise
}

Tensor TinyVit::operator()(const Tensor& images, const Watch& watch, Dropout* dropout) const {
  require_images(images.shape(), config.image);
  const auto seen = [&](const std::string& layer, const Tensor& activation) {
    if (watch) watch(layer, activation);
    return activation;
  };
  // exercise 10.2: patches, positions, every block, the mean over the tokens, the classifier
  const Tensor patches = seen("patch_embedding", patch_embedding(images));
  Tensor x = seen("position_embedding", patches + position_embedding);
  for (std::size_t i = 0; i < encoder.size(); ++i) {
    x = encoder[i](x, watch_inside(block_name(i), watch), dropout);
  }
  return seen("logits", classifier(seen("mean", mean(x, {1}))));
  // end exercise
}

TinyVit with_weights(const TinyVitConfig& sizes, const NamedArrays& weights) {
  Random random(1);  // draws weights that are replaced at once
  TinyVit model(sizes, random);
  load(model, weights);
  return model;
}

}  // namespace nt
