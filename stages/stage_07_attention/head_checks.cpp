// The heads of the trained model, and the pictures of where they look.

#include <string>

#include "baseline.hpp"
#include "both_backends.hpp"
#include "by_hand/tinyvit.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "frozen_heads.hpp"
#include "look.hpp"

namespace nt {
namespace {

const Baseline& baseline() {
  static const Baseline loaded = load_baseline("");
  return loaded;
}

int count_of(const std::string& part, const std::string& text) {
  int count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("the tokens before the attention are PyTorch's", "[stage_07]") {
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor tokens =
        tokens_before_attention(baseline().frozen.group("initial/weights/"), baseline().x_ref);
    CHECK_THAT(tokens.data(),
               close_to(baseline().frozen.floats("initial/activations/encoder.0.norm1"), 5e-6F));
  }
}

TEST_CASE("each head listens as in the model derived by hand", "[stage_07][7.2][7.3]") {
  const NamedArrays trained = baseline().frozen.group("adamw/weights.1/");
  const by_hand::Operations& op = by_hand::eigen_operations();
  by_hand::Arrays arrays;
  for (const auto& [name, values] : trained) arrays[name] = op.array(values);
  by_hand::Memory memory;
  by_hand::forward(op, {}, arrays, op.array(baseline().x_ref), memory);
  for (const Backend backend : kBoth) {
    use(backend);
    const Tensor tokens = tokens_before_attention(trained, baseline().x_ref);
    for (std::int64_t head = 0; head < 4; ++head) {
      CAPTURE(name(backend), head);
      const Array expected = op.slice(memory.attention[0].weights, 1, head, head + 1);
      CHECK_THAT(head_weights(trained, tokens, head, 4).data(),
                 close_to(op.reshape(expected, {10, 49, 49}), 5e-6F));  // measured: at most 9.6e-7
    }
  }
}

TEST_CASE("a weight that the heads miss is named", "[stage_07]") {
  use(Backend::naive);
  NamedArrays weights = baseline().frozen.group("adamw/weights.1/");
  std::erase_if(weights, [](const auto& weight) { return weight.first.ends_with("norm1.bias"); });
  CHECK_THROWS_WITH(tokens_before_attention(weights, baseline().x_ref),
                    "frozen_heads: no weight 'encoder.0.norm1.bias'");
}

TEST_CASE("brightness is the mean of a square, from black to white", "[stage_07]") {
  const HostArray image{{4, 4}, {-1, -1, 1, 1, -1, 1, 1, 1, 0, 0, -1, 0, 0, 0, 1, 0}};
  CHECK_THAT(brightness(image, 2), close_to(HostArray{{2, 2}, {0.25F, 1, 0.5F, 0.5F}}, 0));
  CHECK_THAT(brightness(image, 4), close_to(HostArray{{1, 1}, {0.5625F}}, 0));
}

/// Black but for one white pixel; the second of four patches asks, and one of two heads looks at
/// the last patch, the other at two.
Look small_look() {
  HostArray image{{8, 8}, std::vector<float>(64, -1)};
  image.values[2 * 8 + 5] = 1;
  return {"a dot", image, 1, {{2, 4}, {0.1F, 0, 0.1F, 0.8F, 0.5F, 0.5F, 0, 0}}};
}

TEST_CASE("a look is drawn for the terminal: the image and each head's weights", "[stage_07]") {
  const std::string text = look_text(small_look());
  CHECK_THAT(text, contains_text("a dot\n"));
  CHECK_THAT(text, contains_text("[0, 1] asks"));
  CHECK_THAT(text, contains_text("head 0: 80 %"));
  CHECK_THAT(text, contains_text("head 1: 50 %"));
  CHECK(count_of("\n", text) == 4);  // name, two lines of patches, captions
}

TEST_CASE("a look is drawn as SVG: panes, query, weights over the patches", "[stage_07]") {
  const std::string svg = looks_svg({small_look(), small_look()});
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(count_of("<use ", svg) == 6);  // two looks, each the image and two heads
  CHECK(count_of("M5 2h1v1h-1z", svg) == 2);
  CHECK(count_of("<rect x=\"4\" y=\"0\" width=\"4\" height=\"4\" fill=\"none\"", svg) == 6);
  const std::string largest = "height=\"4\" fill-opacity=\"0.85\"";
  CHECK(count_of("<rect x=\"4\" y=\"4\" width=\"4\" " + largest, svg) == 2);
  CHECK(count_of(largest, svg) == 2 * 3);
  CHECK(count_of("fill-opacity", svg) == 2 * 5);  // a weight of 0 is not drawn
  CHECK(count_of(">a dot [0, 1]</text>", svg) == 2);
  CHECK(count_of(">at most 80 %</text>", svg) == 2);
  CHECK(count_of(">head 1</text>", svg) == 1);
}

}  // namespace
}  // namespace nt
