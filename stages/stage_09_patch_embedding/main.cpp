// stage_09_patch_embedding: cuts a digit into its patches, shows what trained filters answer to
// them, and compares tokens and gradients with PyTorch's convolution, and the loops with views.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>

#include "baseline.hpp"
#include "by_hand/tinyvit.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "patch_agreement.hpp"
#include "patch_embedding.hpp"
#include "patch_pictures.hpp"
#include "program/program.hpp"
#include "terminal/digit.hpp"

namespace {

using namespace nt;

/// float32 against float64: sums of up to 49 products, with results up to 10; measured: at most
/// 1.5e-6 on either backend.
constexpr double kLimit = 5e-6;

/// The same for gradients of the model's loss, which are up to 0.12; measured: at most 8.1e-8.
constexpr double kGradientLimit = 5e-7;

constexpr std::int64_t kImage = 5;    // of X_ref, the one that is shown
constexpr std::int64_t kChosen = 24;  // the patch that is shown alone

/// The layer with the weights that a frozen file holds under `prefix`.
PatchEmbedding layer(const Frozen& frozen, const std::string& prefix) {
  const HostArray& weight = frozen.floats(prefix + "weight");
  Random random(1);
  PatchEmbedding result(weight.shape[2], weight.shape[0], random);
  load(result, {{"weight", weight}, {"bias", frozen.floats(prefix + "bias")}});
  return result;
}

HostArray tokens_of(const PatchEmbedding& embed, const HostArray& images) {
  return embed(Tensor(op::array(images))).data().host();
}

/// The digit cut apart, one patch in a frame, and beside it that patch alone, as large.
void show_patches(const HostArray& digit) {
  constexpr std::int64_t kGap = 2;
  constexpr std::int64_t kStep = 4 + kGap;
  const HostArray patch = patch_of(digit, 4, kChosen);
  HostArray apart = moved_apart(digit, 4, kGap, -0.7F);  // dark grey
  place(framed(patch, kGap, 1), apart, kChosen / 7 * kStep - kGap, kChosen % 7 * kStep - kGap);
  fmt::print("\n{}", draw({{apart, fmt::format("49 patches, number {} framed", kChosen)},
                           {enlarged(patch, 10), fmt::format("patch {}: 16 pixels", kChosen)}},
                          -1, 1));
}

bool is_blank(const HostArray& patch) {
  return std::all_of(patch.values.begin(), patch.values.end(), [](float p) { return p == -1; });
}

/// Five of the filters, and below each what it answers to the digit's patches: grey what it answers
/// to a blank patch, brighter what is more.
void show_answers(const PatchEmbedding& embed, const HostArray& digit) {
  const HostArray blank = tokens_of(embed, {{1, 1, 4, 4}, std::vector<float>(16, -1)});
  const HostArray tokens = tokens_of(embed, {{1, 1, 28, 28}, digit.values});
  const HostArray weight = embed.weight.data().host();
  std::vector<Picture> filters;
  std::vector<Picture> answers;
  for (const std::int64_t c : {28, 61, 3, 60, 40}) {
    const HostArray filter = enlarged(part(weight, c, {4, 4}), 3);
    filters.push_back({framed(filter, 1, -1), fmt::format("filter {}", c)});
    HostArray answer{{7, 7}, {}};
    for (std::int64_t t = 0; t < 49; ++t) {
      answer.values.push_back(tokens[{0, t, c}] - blank[{0, 0, c}]);
    }
    answers.push_back({enlarged(answer, 2), "answers"});
  }
  fmt::print("\n{}\n{}", draw(filters, -0.4F, 0.45F), draw(answers, -4, 4.5F));

  int blanks = 0;
  for (std::int64_t t = 0; t < 49; ++t) blanks += is_blank(patch_of(digit, 4, t));
  fmt::print("\n{} of the 49 patches are blank: they become one and the same token\n", blanks);
}

void write_picture(const PatchEmbedding& embed, const HostArray& digit) {
  const HostArray tokens = tokens_of(embed, {{1, 1, 28, 28}, digit.values});
  const std::filesystem::path file = project_root() / "out" / "stage_09_patch_embedding.svg";
  std::filesystem::create_directories(file.parent_path());
  write_file(file, tokens_svg(digit, embed.weight.data().host(), part(tokens, 0, {49, 64})));
  fmt::print("the patches as a sequence of tokens: {}\n\n", shown(file));
}

/// The median time of five calls, in milliseconds.
double milliseconds(const std::function<void()>& compute) {
  std::vector<double> times;
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    compute();
    const std::chrono::duration<double, std::milli> elapsed =
        std::chrono::steady_clock::now() - start;
    times.push_back(elapsed.count());
  }
  std::sort(times.begin(), times.end());
  return times[2];
}

void show_speed(const PatchEmbedding& embed, const DataSet& data) {
  const Array x = op::array(data.test.normalised(range(0, 32)));
  const Array w = embed.weight.data();
  const Array b = embed.bias.data();
  fmt::print("32 images forward on '{}': ", name(current_backend()));
  if (op::patch_embedding.has_kernel(current_backend())) {
    fmt::print("{:.2f} ms by loops, ", milliseconds([&] { op::patch_embedding(x, w, b); }));
  }
  fmt::print("{:.2f} ms by views and a product\n\n",
             milliseconds([&] { op::composed_patch_embedding(x, w, b); }));
}

/// dL/dtokens, L the mean cross-entropy of these images, by the model derived by hand on Eigen: all
/// images share the position embedding, so from one image alone its gradient is that of its tokens.
HostArray token_gradients(const std::vector<std::pair<std::string, HostArray>>& weights,
                          const HostArray& images, const std::vector<std::int32_t>& labels) {
  const by_hand::Operations& e = by_hand::eigen_operations();
  by_hand::Arrays w;
  for (const auto& [name, values] : weights) w[name] = e.array(values);
  const Array x = e.array(images);
  by_hand::Memory all;
  const Array logits = by_hand::forward(e, {}, w, x, all);
  const Array dlogits = by_hand::cross_entropy(e, logits, labels).dlogits;

  HostArray dtokens{all.activations.at("patch_embedding").shape(), {}};
  for (std::int64_t b = 0; b < images.shape[0]; ++b) {
    by_hand::Memory one;
    by_hand::forward(e, {}, w, e.slice(x, 0, b, b + 1), one);
    const by_hand::Arrays gradients =
        by_hand::backward(e, {}, w, one, e.slice(dlogits, 0, b, b + 1));
    const HostArray of_image = gradients.at("position_embedding").host();
    dtokens.values.insert(dtokens.values.end(), of_image.values.begin(), of_image.values.end());
  }
  return dtokens;
}

/// The tokens of X_ref, and the layer's gradients of the whole model's loss.
void prove_x_ref(const Baseline& baseline, Proofs& proofs) {
  const Frozen& frozen = baseline.frozen;
  const std::string own = "patch_embedding.";
  const Tensor x(op::array(baseline.x_ref));
  proofs.close("tokens of X_ref, initial weights, against PyTorch",
               layer(frozen, "initial/weights/" + own)(x).data().host(),
               frozen.floats("initial/activations/patch_embedding"), kLimit);
  for (const auto& [run, weights, gradients] :
       {std::tuple{"initial", "initial/weights/", "initial/gradients/"},
        std::tuple{"trained", "sgd/weights.0/", "sgd/gradients/"}}) {
    const HostArray dy = token_gradients(frozen.group(weights), baseline.x_ref, baseline.y_ref);
    const PatchEmbedding embed = layer(frozen, weights + own);
    Tape tape;
    const Tensor y = embed(x);
    tape.backward(y, op::array(dy));
    for (const auto& [name, parameter] : embed.parameters()) {
      proofs.close(fmt::format("d{} of X_ref, {} weights, against PyTorch", name, run),
                   parameter.grad().host(), frozen.floats(gradients + own + name), kGradientLimit);
    }
  }
}

/// Small images that want a gradient as well, and patches of another size.
void prove_fixtures(Proofs& proofs) {
  const Frozen small = Frozen::open("operations");
  const PatchEmbedding embed = layer(small, "patch_embedding/");
  const Tensor x(op::array(small.floats("patch_embedding/x")), true);
  Tape tape;
  const Tensor y = embed(x);
  tape.backward(y, op::array(small.floats("patch_embedding/dy")));
  for (const auto& [what, array] :
       {std::pair{"y", y.data()}, std::pair{"dx", x.grad()},
        std::pair{"dweight", embed.weight.grad()}, std::pair{"dbias", embed.bias.grad()}}) {
    proofs.close(fmt::format("{} of two 12 x 12 images, against PyTorch", what), array.host(),
                 small.floats(std::string("patch_embedding/") + what), kLimit);
  }
  const Frozen variant = Frozen::open("variant");
  proofs.close("tokens of patches of 7 x 7, against PyTorch",
               tokens_of(layer(variant, "weights/patch_embedding."), variant.floats("images")),
               variant.floats("activations/patch_embedding"), kLimit);
}

void prove_loops(const Options& options, Proofs& proofs) {
  Random random(static_cast<std::uint64_t>(options.seed));
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random.below(n)); };
  int differ = 0;
  for (int i = 0; i < 300; ++i) {
    const PatchSizes sizes{below(4), below(5), below(5), 1 + below(5), below(9)};
    differ += loops_equal_views(sizes, options.backend, random) ? 0 : 1;
  }
  // The order of a sum that is not rounded does not matter: equal.
  proofs.at_most("loops against views and products, 300 shapes", "differ", differ, 0);
}

void show_and_prove(const Options& options, Proofs& proofs) {
  install_patches();
  set_backend(options.backend);
  const Baseline baseline = load_baseline(options.data);
  const HostArray digit = part(baseline.x_ref, kImage, {28, 28});
  const PatchEmbedding trained = layer(baseline.frozen, "sgd/weights.0/patch_embedding.");
  show_patches(digit);
  show_answers(trained, digit);
  write_picture(trained, digit);
  show_speed(trained, baseline.data);
  prove_x_ref(baseline, proofs);
  prove_fixtures(proofs);
  prove_loops(options, proofs);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 09 patch_embedding",
          .summary = "An image cut into patches, each a token: PyTorch's values, by loops",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
