#pragma once
// A model in a file, in whichever format the file's name says: .json or .safetensors. No file says
// how large a model is in a way that can be relied upon, and it need not: the weights' own shapes
// do, all but for the number of heads, which only share them out.

#include <filesystem>

#include "tinyvit.hpp"
#include "weight_file.hpp"

namespace nt {

/// All that the file holds. Throws FileError as its format's reader does, and
///   `x.bin: should be called .json or .safetensors`
///   `x.json: is no regular file`
WeightFile read_weights(const std::filesystem::path& path);

/// Replaces the file by a model's sizes and weights, or leaves it as it was. Throws FileError as
/// above and as write_file does, and Error for numbers that are none.
void write_weights(const std::filesystem::path& path, const TinyVitConfig& sizes,
                   const NamedArrays& weights);

/// The sizes as text, by their names: image, patch, dim, depth, heads, mlp, classes.
Metadata sizes_metadata(const TinyVitConfig& sizes);

/// The sizes of the model whose weights these are: of the shapes of
///   patch_embedding.weight (C, 1, P, P), position_embedding (T, C), encoder.0.linear1.weight
///   (mlp, C), classifier.weight (classes, C)
/// and of how many blocks encoder.0, encoder.1, ... there are; the heads are the metadata's, 4
/// where it has none. Throws FileError
///   `x: no weight 'classifier.weight'`
///   `x: 'classifier.weight' should have 2 axes, none of them empty, found (640)`
///   `x: 'position_embedding' has 50 tokens, which are no square`
///   `x: a model of 4900 tokens: at most 1024`
///   `x: heads should be a whole number from 1 to 64, found 'four'`
///   `x: its metadata say dim 32, its weights 64`
TinyVitConfig sizes_of(const std::string& path, const WeightFile& file);

/// The model that the file holds. Arrays whose names begin with `optimizer.` are none of its
/// weights. Throws FileError as sizes_of does, and for what the model and load() do not take:
///   `x: a model of these sizes has 7000000 numbers, its weights only 640`
///   `x: load: no weight 'classifier.bias', which is (10)`
TinyVit model_of(const std::string& path, const WeightFile& file);

}  // namespace nt
