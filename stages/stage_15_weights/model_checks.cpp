// Models in files: their sizes from the shapes of their weights, and what is wrong with such a
// file.

#include <fmt/format.h>

#include <algorithm>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "core/files.hpp"
#include "core/scratch_folder.hpp"
#include "frozen.hpp"
#include "model_file.hpp"
#include "trainer.hpp"

namespace nt {
namespace {

constexpr TinyVitConfig kSmall{
    .image = 6, .patch = 2, .dim = 4, .depth = 3, .heads = 2, .mlp = 5, .classes = 7};

NamedArrays drawn_weights(const TinyVitConfig& sizes) {
  use(Backend::naive);
  Random random(1);
  return weights_of(TinyVit(sizes, random));
}

/// The small model's file, whose array of that name is replaced; an empty handle takes it out.
WeightFile changed(const std::string& name, const HostArray* array) {
  WeightFile file{drawn_weights(kSmall), sizes_metadata(kSmall)};
  const auto found = std::find_if(file.arrays.begin(), file.arrays.end(),
                                  [&](const auto& weight) { return weight.first == name; });
  if (array == nullptr) {
    file.arrays.erase(found);
  } else if (found == file.arrays.end()) {
    file.arrays.emplace_back(name, *array);
  } else {
    found->second = *array;
  }
  return file;
}

void check_misshapen(const std::string& name, const Shape& shape, const std::string& expected) {
  const HostArray array = filled(shape, 1);
  CHECK_THROWS_WITH(model_of("x", changed(name, &array)), expected);
}

TEST_CASE("the sizes of a model follow from its weights and its heads", "[stage_15][15.5]") {
  const TinyVitConfig variants[] = {
      {},
      kSmall,
      {.image = 28, .patch = 7, .dim = 32, .depth = 2, .heads = 8, .mlp = 64},
      {.image = 3, .patch = 3, .dim = 1, .depth = 12, .heads = 1, .mlp = 2}};
  for (const TinyVitConfig& sizes : variants) {
    const WeightFile file{drawn_weights(sizes), {{"heads", std::to_string(sizes.heads)}}};
    CHECK(sizes_metadata(sizes_of("x", file)) == sizes_metadata(sizes));
  }
}

TEST_CASE("a file that says nothing of heads has the baseline's four", "[stage_15][15.5]") {
  CHECK(sizes_of("x", {drawn_weights({}), {{"format", "pt"}}}).heads == 4);
}

TEST_CASE("metadata that contradict the weights are refused", "[stage_15][15.5]") {
  const auto said = [](const char* name, const char* text) {
    WeightFile file{drawn_weights(kSmall), {}};
    file.metadata[name] = text;
    return file;
  };
  CHECK_THROWS_WITH(sizes_of("x", said("dim", "32")), "x: its metadata say dim 32, its weights 4");
  CHECK_THROWS_WITH(sizes_of("x", said("heads", "four")),
                    "x: heads should be a whole number from 1 to 4, found 'four'");
  CHECK_THROWS_WITH(sizes_of("x", said("heads", "5")),
                    "x: heads should be a whole number from 1 to 4, found '5'");
  CHECK_THROWS_WITH(model_of("x", said("heads", "3")),
                    "x: attention: 3 heads do not divide 4 numbers");
}

TEST_CASE("missing, extra and misshapen weights are named with the file", "[stage_15][15.5]") {
  CHECK_THROWS_WITH(model_of("x", changed("classifier.weight", nullptr)),
                    "x: no weight 'classifier.weight'");
  CHECK_THROWS_WITH(model_of("x", changed("encoder.1.norm1.bias", nullptr)),
                    "x: load: no weight 'encoder.1.norm1.bias', which is (4)");
  check_misshapen("extra", {2}, "x: load: unknown weight 'extra', which is (2)");
  check_misshapen("classifier.bias", {6}, "x: load: 'classifier.bias' should be (7), found (6)");
  check_misshapen("classifier.weight", {28},
                  "x: 'classifier.weight' should have 2 axes, none of them empty, found (28)");
  check_misshapen("position_embedding", {0, 4},
                  "x: 'position_embedding' should have 2 axes, none of them empty, found (0, 4)");
  check_misshapen("position_embedding", {8, 4},
                  "x: 'position_embedding' has 8 tokens, which are no square");
  check_misshapen("position_embedding", {1025, 4}, "x: a model of 1025 tokens: at most 1024");
}

TEST_CASE("a model much larger than its file is not even made", "[stage_15][15.5]") {
  WeightFile file{drawn_weights(kSmall), {}};
  for (auto& [name, array] : file.arrays) {
    if (name == "position_embedding") array = filled({1, 1000});
  }
  // 3 (4 (C C + C) + 2 mlp C + mlp + C + 4 C) + 4 C + C + C + 7 C + 7, where C = 1000 and mlp = 5
  CHECK_THROWS_WITH(model_of("x", file),
                    "x: a model of these sizes has 12070022 numbers, its weights only 1490");
}

TEST_CASE("a file with a model comes back bit for bit in both formats", "[stage_15][15.5]") {
  const ScratchFolder folder;
  const NamedArrays weights = drawn_weights(kSmall);
  for (const char* name : {"x.json", "x.safetensors"}) {
    const std::filesystem::path path = folder.path() / name;
    write_weights(path, kSmall, weights);
    const TinyVit model = model_of("x", read_weights(path));
    CHECK(differing(weights_of(model), weights) == 0);
    CHECK(sizes_metadata(model.config) == sizes_metadata(kSmall));
  }
}

TEST_CASE("PyTorch's trained weights come back bit for bit in both formats", "[stage_15][15.4]") {
  const ScratchFolder folder;
  const NamedArrays weights = Frozen::open("digits").group("adamw/weights.1/");
  for (const char* name : {"x.json", "x.safetensors"}) {
    write_weights(folder.path() / name, {}, weights);
    CHECK(differing(read_weights(folder.path() / name).arrays, weights) == 0);
  }
}

TEST_CASE("a file's name says its format, and a device is no file", "[stage_15]") {
  CHECK_THROWS_WITH(read_weights("x.bin"), "x.bin: should be called .json or .safetensors");
  CHECK_THROWS_WITH(write_weights("x", {}, {}), "x: should be called .json or .safetensors");
  const ScratchFolder folder;
  const std::filesystem::path path = folder.path() / "x.json";
  std::filesystem::create_symlink("/dev/zero", path);
  CHECK_THROWS_WITH(read_weights(path), path.string() + ": is no regular file");
}

}  // namespace
}  // namespace nt
