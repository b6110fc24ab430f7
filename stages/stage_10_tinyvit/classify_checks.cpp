// What is read: by a model whose answers are known beforehand, and with PyTorch's weights.

#include <algorithm>
#include <cmath>

#include "baseline.hpp"
#include "check/catch.hpp"
#include "classify.hpp"
#include "core/errors.hpp"

namespace nt {
namespace {

using Classes = std::vector<std::int32_t>;

void use(Backend backend) {
  install_patches();
  set_backend(backend);
}

const Baseline& baseline() {
  static const Baseline loaded = load_baseline("");
  return loaded;
}

/// Logits (-x, 0.25, x) for an image whose pixels have the mean x: 0 is dark, 1 grey, 2 bright.
TinyVit brightness_reader() {
  Random random(1);
  TinyVit model({.patch = 28, .dim = 1, .heads = 1, .mlp = 1, .classes = 3}, random);
  NamedArrays weights;
  for (const auto& [name, parameter] : model.parameters()) {
    const auto count = static_cast<std::size_t>(parameter.shape().count());
    std::vector<float> values(count);  // zeros: the block adds nothing
    if (name == "patch_embedding.weight") values.assign(count, 1.0F / 784);
    if (name == "classifier.weight") values = {-1, 0, 1};
    if (name == "classifier.bias") values = {0, 0.25F, 0};
    weights.emplace_back(name, HostArray{parameter.shape(), values});
  }
  load(model, weights);
  return model;
}

/// Images of one grey each, from 0 (black) to 255 (white).
LabelledImages plain(const std::vector<std::uint8_t>& greys) {
  LabelledImages result{{{std::ssize(greys), 28, 28}, {}}, Classes(greys.size())};
  for (const std::uint8_t grey : greys) {
    result.images.values.insert(result.images.values.end(), 28 * 28, grey);
  }
  return result;
}

TEST_CASE("an image is read as the class of its largest logit", "[stage_10][10.4]") {
  use(Backend::naive);
  const LabelledImages images = plain({255, 0, 128, 255, 100});
  for (const std::int32_t batch : {1, 2, 3, 5, 50}) {
    CAPTURE(batch);
    CHECK(classify(brightness_reader(), images, 5, batch) == Classes{2, 0, 1, 2, 1});
    CHECK(classify(brightness_reader(), images, 3, batch) == Classes{2, 0, 1});
    CHECK(classify(brightness_reader(), images, 0, batch).empty());
  }
}

TEST_CASE("of equal logits the first one counts", "[stage_10][10.4]") {
  use(Backend::naive);
  TinyVit model = brightness_reader();
  model.classifier.weight.set_data(op::array({{3, 1}, {0, 0, 0}}));
  model.classifier.bias.set_data(op::array({{3}, {1, 2, 2}}));
  CHECK(classify(model, plain({0, 255}), 2) == Classes{1, 1});
}

TEST_CASE("with the weights that PyTorch trained X_ref is read as by PyTorch", "[stage_10][10.4]") {
  const HostArray& logits = baseline().frozen.floats("adamw/logits.1");
  Classes expected;
  for (auto row = logits.values.begin(); row != logits.values.end(); row += 10) {
    expected.push_back(static_cast<std::int32_t>(std::max_element(row, row + 10) - row));
  }
  const LabelledImages& test = baseline().data.test;
  LabelledImages x_ref{{{10, 28, 28}, {}}, baseline().y_ref};
  for (const std::int32_t position : baseline().frozen.integers("x_ref/positions").values) {
    const auto first = test.images.values.begin() + position * 28 * 28;
    x_ref.images.values.insert(x_ref.images.values.end(), first, first + 28 * 28);
  }
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    CAPTURE(name(backend));
    use(backend);
    const TinyVit model = with_weights({}, baseline().frozen.group("adamw/weights.1/"));
    CHECK(classify(model, x_ref, 10, 4) == expected);
  }
}

TEST_CASE("mistakes are the positions where the label is another", "[stage_10]") {
  CHECK(mistakes({3, 1, 4, 1, 5}, {3, 1, 4, 1, 5}).empty());
  CHECK(mistakes({3, 1, 4, 1, 5}, {9, 1, 4, 2, 5}) == Classes{0, 3});
  CHECK(mistakes({3, 1}, {3, 2, 4, 1, 5}) == Classes{1});  // labels go on
  CHECK(mistakes({}, {1}).empty());
}

TEST_CASE("classify refuses no batch and images that are not there", "[stage_10]") {
  use(Backend::naive);
  const LabelledImages images = plain({1, 2, 3});
  CHECK_THROWS_WITH(classify(brightness_reader(), images, 3, 0),
                    "classify: batch should be 1 or more, found 0");
  CHECK_THROWS_WITH(classify(brightness_reader(), images, 4),
                    "classify: there are 3 images, asked for 4");
}

TEST_CASE("as many test images are read rightly as by PyTorch", "[stage_10][.slow]") {
  const std::int32_t count = baseline().test_count;
  const std::vector<double>& accuracy = baseline().adamw.accuracy;
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    use(backend);
    for (std::size_t epoch = 0; epoch < accuracy.size(); ++epoch) {
      CAPTURE(name(backend), epoch);
      const std::string group = "adamw/weights." + std::to_string(epoch) + "/";
      const TinyVit model = with_weights({}, baseline().frozen.group(group));
      const Classes read = classify(model, baseline().data.test, count);
      const auto right = count - std::ssize(mistakes(read, baseline().data.test.labels));
      CHECK(right == std::lround(accuracy[epoch] * count));
    }
  }
}

}  // namespace
}  // namespace nt
