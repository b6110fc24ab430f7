// What a model says of images, as lines of JSON.

#include "answers.hpp"

#include <fmt/format.h>

#include <limits>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "weight_file.hpp"

namespace nt {
namespace {

TEST_CASE("a line says the class, the logits to the last bit, and whether it is right",
          "[stage_15]") {
  const HostArray logits{{2, 3}, {0.1F, 2, -1e-45F, 5, 5, -0.0F}};
  CHECK(
      answer_lines(logits, {1, 1}) ==
      "{\"image\": 0, \"class\": 1, \"logits\": [0.1, 2, -1e-45], \"label\": 1, \"right\": true}\n"
      "{\"image\": 1, \"class\": 0, \"logits\": [5, 5, -0], \"label\": 1, \"right\": false}\n");
  CHECK(answer_lines({{1, 2}, {0, 1}}, {}) == "{\"image\": 0, \"class\": 1, \"logits\": [0, 1]}\n");
  CHECK(answer_lines({{0, 10}, {}}, {}).empty());
}

TEST_CASE("logits that are no numbers are named and not written", "[stage_15]") {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH(answer_lines({{2, 2}, {0, 1, 2, infinity}}, {}),
                    "answers: logit 1 of image 1 is inf");
}

TEST_CASE("lines that were written are read to the last bit", "[stage_15][15.1]") {
  Random random(1);
  const HostArray logits = normal({33, 7}, random);
  CHECK(differing({{"", read_answers("x", answer_lines(logits, {}))}}, {{"", logits}}) == 0);
  CHECK_THROWS_WITH(read_answers("x", "{\"logits\": [1]}\n{\"logits\": [1, 2]}\n"),
                    "x: 2 lines, and 3 logits");
  CHECK_THROWS_WITH(read_answers("x", "{\"logits\": []}\nabc\n"),
                    "x: line 2: byte 0: expected '{', found 'a'");
}

TEST_CASE("images go through the model in parts, each as if alone", "[stage_15]") {
  on_both([] {
    Random random(1);
    const TinyVit model({.image = 8, .patch = 1, .dim = 2, .heads = 1, .mlp = 3}, random);
    ImageSet images{{41, 8, 8}, {}, {}};  // 2500 tokens at once: 39 images of 64, then 2
    for (int i = 0; i < 41 * 64; ++i) images.pixels.push_back(static_cast<std::uint8_t>(i * 7));
    const HostArray logits = logits_of(model, images);
    REQUIRE(logits.shape == Shape{41, 10});
    for (const std::int64_t i : {0, 38, 39, 40}) {
      const HostArray alone =
          model(Tensor(op::array(images_at(images, std::vector{i})))).data().host();
      const auto row = logits.values.begin() + i * 10;
      CHECK_THAT((HostArray{{1, 10}, {row, row + 10}}), close_to(alone, 1e-6F));
    }
  });
}

}  // namespace
}  // namespace nt
