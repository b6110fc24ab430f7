// Attention, the encoder block and the whole model on every backend, against PyTorch.

#include "encoder.hpp"
#include "judge.hpp"
#include "parity.hpp"
#include "suite.hpp"

namespace nt {
namespace {

/// A module with the frozen weights of an attention fixture.
template <class Attention>
void give_weights(const Attention& attention, const std::string& fixture) {
  const auto floats = [&](const char* name) { return operations().floats(fixture + "/" + name); };
  load(attention, {{"in_proj_weight", floats("in_weight")},
                   {"in_proj_bias", floats("in_bias")},
                   {"out_proj.weight", floats("out_weight")},
                   {"out_proj.bias", floats("out_bias")}});
}

/// The value and the gradients of x and of two of the weights.
template <class Attention>
void check_attention(const Attention& attention, const Mask& mask, const std::string& fixture) {
  constexpr float kTolerance = 6e-6F;  // gradients reach 15; measured: at most 1.4e-6
  const auto floats = [&](const char* name) { return operations().floats(fixture + "/" + name); };
  give_weights(attention, fixture);
  const Tensor x(op::array(floats("x")), true);
  Tape tape;
  const Tensor y = attention(x, mask);
  tape.backward(y, op::array(floats("dy")));
  CHECK_THAT(y.data(), close_to(floats("y"), kTolerance));
  CHECK_THAT(x.grad(), close_to(floats("dx"), kTolerance));
  CHECK_THAT(attention.in_proj_weight.grad(), close_to(floats("din_weight"), kTolerance));
  CHECK_THAT(attention.out_proj.bias.grad(), close_to(floats("dout_bias"), kTolerance));
}

TEST_CASE("one head is PyTorch's, forward and backward", "[attention]") {
  on_every_backend([] {
    Random random(1);
    check_attention(SelfAttention(8, random), {}, "attention");
  });
}

TEST_CASE("one head that may not look ahead is PyTorch's", "[attention]") {
  on_every_backend([] {
    Random random(1);
    check_attention(SelfAttention(8, random), causal_mask(5), "attention_causal");
  });
}

TEST_CASE("two heads are PyTorch's", "[attention]") {
  on_every_backend([] {
    Random random(1);
    check_attention(MultiHeadAttention(8, 2, random), {}, "attention_two_heads");
  });
}

TEST_CASE("attention does not know in which order the tokens come", "[attention]") {
  on_every_backend([] {
    Random random(2);
    const MultiHeadAttention attention(8, 2, random);
    const Tensor x(op::array(normal({1, 7, 8}, random)));
    const auto turned = [](const Tensor& tokens) {  // the last three in front
      return pad(slice(tokens, 1, 4, 7), 1, 0, 4) + pad(slice(tokens, 1, 0, 4), 1, 3, 0);
    };
    // The same numbers, added in another order; measured: 6e-8.
    CHECK_THAT(attention(turned(x)).data(), close_to(turned(attention(x)).data(), 3e-7F));
  });
}

TEST_CASE("a block and all its gradients are PyTorch's", "[encoder]") {
  constexpr float kTolerance = 8e-6F;  // as in stage 8: measured 2e-6, where gradients reach 30
  on_every_backend([] {
    Random random(1);
    const EncoderBlock block(8, 2, 16, random);
    load(block, operations().group("encoder/weights/"));
    const Tensor x(op::array(operations().floats("encoder/x")), true);
    Tape tape;
    const Tensor y = block(x);
    tape.backward(y, op::array(operations().floats("encoder/dy")));
    CHECK_THAT(y.data(), close_to(operations().floats("encoder/y"), kTolerance));
    CHECK_THAT(x.grad(), close_to(operations().floats("encoder/dx"), kTolerance));
    for (const auto& [name, weight] : block.parameters()) {
      INFO(name);
      CHECK_THAT(weight.grad(),
                 close_to(operations().floats("encoder/gradients/" + name), kTolerance));
    }
  });
}

TEST_CASE("a block's gradient is its slope, on odd sizes", "[encoder]") {
  on_every_backend([] {
    for (const Shape& shape : {Shape{1, 1, 6}, {2, 7, 6}, {1, 9, 6}}) {
      Random random(3);
      const EncoderBlock block(6, 3, 5, random);
      const TensorFunction f = [&](const std::vector<Tensor>& t) { return block(t[0]); };
      // Measured: 3.3e-5.
      CHECK(slope_error(f, {normal(shape, random)}, random) < 2e-4);
    }
  });
}

// As in stage 10, for both data sets.
const std::string kNowhere;
constexpr double kForward = 1e-5;
constexpr double kBackward = 1e-6;

void check_parity(const TinyVit& model, const Frozen& frozen, const std::string& prefix,
                  const HostArray& images, const std::vector<std::int32_t>& labels) {
  const HostArray dlogits = loss_gradient(frozen.floats(prefix + "activations/logits"), labels);
  const Parity parity = compare_with_pytorch(model, frozen, prefix, images, dlogits);
  CHECK(Parity::first_beyond(parity.activations, kForward) == kNowhere);
  CHECK(Parity::first_beyond(parity.gradients, kBackward) == kNowhere);
}

TEST_CASE("every layer and every gradient of the model is PyTorch's", "[tinyvit]") {
  on_every_backend([] {
    const TinyVit model = with_weights({}, baseline().frozen.group("initial/weights/"));
    check_parity(model, baseline().frozen, "initial/", baseline().x_ref, baseline().y_ref);
  });
}

TEST_CASE("a model of other sizes is PyTorch's as well", "[tinyvit]") {
  const Frozen frozen = Frozen::open("variant");
  on_every_backend([&] {
    const TinyVit model = with_weights({.patch = 7, .dim = 32, .depth = 2, .heads = 8, .mlp = 64},
                                       frozen.group("weights/"));
    check_parity(model, frozen, "", frozen.floats("images"), frozen.integers("labels").values);
  });
}

TEST_CASE("with PyTorch's trained weights the model has PyTorch's logits", "[tinyvit]") {
  const Frozen& frozen = baseline().frozen;
  on_every_backend([&] {
    const TinyVit model = with_weights({}, frozen.group("adamw/weights.1/"));
    const Tensor logits = model(Tensor(op::array(baseline().x_ref)));
    CHECK_THAT(logits.data(),
               close_to(frozen.floats("adamw/logits.1"), static_cast<float>(kForward)));
  });
}

TEST_CASE("an image is read the same alone and among others", "[tinyvit]") {
  on_every_backend([] {
    const TinyVit model = with_weights({}, baseline().frozen.group("adamw/weights.1/"));
    const Array all = op::array(baseline().x_ref);
    const Array together = model(Tensor(all)).data();
    for (std::int64_t i = 0; i < 10; ++i) {
      INFO("image " << i);
      const Array alone = model(Tensor(op::slice(all, 0, i, i + 1))).data();
      // Nothing that is added is added in another order; measured: 7.2e-7, of logits of up to 8.
      CHECK_THAT(alone, close_to(op::slice(together, 0, i, i + 1), 4e-6F));
    }
  });
}

}  // namespace
}  // namespace nt
