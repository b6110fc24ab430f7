// stage_07_attention: three tokens worked through, then where the patches of two digits look, with
// the weights that PyTorch has trained; and proves attention and its gradients against PyTorch.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

#include "baseline.hpp"
#include "by_hand/tinyvit.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "finite_difference.hpp"
#include "frozen_heads.hpp"
#include "look.hpp"
#include "program/program.hpp"
#include "terminal/table.hpp"

namespace {

using namespace nt;

constexpr std::int64_t kHeads = 4;
constexpr std::int64_t kPatches = 49;

// What float32 rounds away, on either backend and data set.
constexpr double kToyLimit = 1e-5;     // measured: at most 1.9e-6, where gradients reach 14
constexpr double kTokenLimit = 5e-6;   // measured: at most 1.2e-6
constexpr double kWeightLimit = 5e-6;  // measured: at most 9.6e-7
constexpr double kSumLimit = 2e-6;     // measured: at most 6.6e-7, for a sum of 49
constexpr double kSlopeLimit = 1e-3;   // measured: at most 4.1e-4 with 100 seeds

/// 0 on naive. Eigen's exp, where it computes several numbers at once, gives 2.9e-39 for minus
/// infinity, and the first query has 48 keys to hide.
constexpr double kHiddenLimit = 2e-37;

/// A token is its own query, key and value: what it listens to, and what it hears.
void show_three_tokens() {
  const HostArray tokens{{3, 2}, {1, 0, 0, 1, 1, 1}};
  const Tensor x(op::array(tokens));
  Table table({"token", "weights", "hears", "weights, causal", "hears"});
  const Mask causal = causal_mask(3);
  const HostArray weights = attention_weights(x, x).data().host();
  const HostArray heard = attend(x, x, x, {}).data().host();
  const HostArray causal_weights = attention_weights(x, x, causal).data().host();
  const HostArray causal_heard = attend(x, x, x, causal).data().host();
  const auto row_text = [](const HostArray& rows, std::int64_t row) {
    std::string line;
    for (std::int64_t i = 0; i < rows.shape[1]; ++i) line += fmt::format(" {:.3f}", rows[{row, i}]);
    return line;
  };
  for (std::int64_t i = 0; i < 3; ++i) {
    table.add({fmt::format("({:.0f}, {:.0f})", tokens[{i, 0}], tokens[{i, 1}]),
               row_text(weights, i), row_text(heard, i), row_text(causal_weights, i),
               row_text(causal_heard, i)});
  }
  fmt::print("\n{}\n", table.text());
}

/// One image of X_ref.
HostArray image_of(const Baseline& baseline, std::int64_t which) {
  const auto first = baseline.x_ref.values.begin() + which * 28 * 28;
  return {{28, 28}, {first, first + 28 * 28}};
}

/// What `query` of image `which` listens to.   weights: for each head (10, 49, 49)
Look look_of(const Baseline& baseline, const std::vector<HostArray>& weights, std::int64_t which,
             const std::string& place, std::int64_t query) {
  Look look{fmt::format("digit {}, {}", which, place),
            image_of(baseline, which),
            query,
            {{kHeads, kPatches}, {}}};
  for (const HostArray& head : weights) {
    const auto row = head.values.begin() + (which * kPatches + query) * kPatches;
    look.weights.values.insert(look.weights.values.end(), row, row + kPatches);
  }
  return look;
}

/// For two digits, where the brightest and the darkest patch look.
void show_looks(const Baseline& baseline, const std::vector<HostArray>& weights) {
  std::vector<Look> looks;
  for (const std::int64_t which : {3, 7}) {
    const std::vector<float> patches = brightness(image_of(baseline, which), 4).values;
    const auto [darkest, brightest] = std::minmax_element(patches.begin(), patches.end());
    looks.push_back(look_of(baseline, weights, which, "stroke", brightest - patches.begin()));
    looks.push_back(look_of(baseline, weights, which, "ground", darkest - patches.begin()));
  }
  for (const Look& look : looks) fmt::print("{}\n", look_text(look));
  const std::filesystem::path file = project_root() / "out" / "stage_07_attention.svg";
  std::filesystem::create_directories(file.parent_path());
  write_file(file, looks_svg(looks));
  fmt::print("the same as a picture: {}\n\n", shown(file));
}

/// How much of their attention all patches of X_ref give to those with ink, head by head.
void show_ink(const Baseline& baseline, const std::vector<HostArray>& weights) {
  std::vector<float> ink;  // 1 for a patch that is brighter than an eighth of white
  for (std::int64_t which = 0; which < 10; ++which) {
    for (const float mean : brightness(image_of(baseline, which), 4).values) {
      ink.push_back(mean > 0.125F ? 1 : 0);
    }
  }
  const auto total = static_cast<float>(ink.size());
  const float share = std::accumulate(ink.begin(), ink.end(), 0.0F) / total;
  fmt::print("of the patches of X_ref {:.0f} % have ink; of the weights on them are\n",
             100 * share);
  for (std::size_t head = 0; head < weights.size(); ++head) {
    float on_ink = 0;
    const std::vector<float>& values = weights[head].values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::size_t image = i / (kPatches * kPatches);
      on_ink += values[i] * ink[image * kPatches + i % kPatches];
    }
    fmt::print("  head {}: {:.0f} %\n", head, 100 * on_ink / total);
  }
  fmt::print("\n");
}

/// The toy sequence, 2 x 5 tokens of 8 numbers.
void prove_against_pytorch(Proofs& proofs, const std::string& title, const std::string& fixture,
                           const Mask& mask) {
  const Frozen frozen = Frozen::open("operations");
  const auto floats = [&](const std::string& name) { return frozen.floats(fixture + "/" + name); };
  Random random(1);
  const SelfAttention attention(8, random);
  load(attention, {{"in_proj_weight", floats("in_weight")},
                   {"in_proj_bias", floats("in_bias")},
                   {"out_proj.weight", floats("out_weight")},
                   {"out_proj.bias", floats("out_bias")}});
  const Tensor x(op::array(floats("x")), true);
  Tape tape;
  const Tensor y = attention(x, mask);
  tape.backward(y, op::array(floats("dy")));

  const auto prove = [&](const std::string& name, const Array& found, const std::string& expected) {
    proofs.close(fmt::format("{}: {} against PyTorch", title, name), found.host(), floats(expected),
                 kToyLimit);
  };
  prove("y", y.data(), "y");
  prove("dx", x.grad(), "dx");
  prove("d in_proj_weight", attention.in_proj_weight.grad(), "din_weight");
  prove("d in_proj_bias", attention.in_proj_bias.grad(), "din_bias");
  prove("d out_proj.weight", attention.out_proj.weight.grad(), "dout_weight");
  prove("d out_proj.bias", attention.out_proj.bias.grad(), "dout_bias");
}

/// The oracle is the model derived by hand, on Eigen, whatever backend was chosen.
void prove_heads(Proofs& proofs, const Baseline& baseline, const NamedArrays& trained,
                 const Tensor& tokens, const std::vector<HostArray>& weights) {
  const by_hand::Operations& op = by_hand::eigen_operations();
  by_hand::Arrays arrays;
  for (const auto& [name, values] : trained) arrays[name] = op.array(values);
  by_hand::Memory memory;
  by_hand::forward(op, {}, arrays, op.array(baseline.x_ref), memory);
  proofs.close("tokens before attention against the model by hand", tokens.data().host(),
               memory.activations.at("encoder.0.norm1").host(), kTokenLimit);
  for (std::int64_t head = 0; head < kHeads; ++head) {
    const Array expected = op.slice(memory.attention[0].weights, 1, head, head + 1);
    proofs.close(fmt::format("weights of head {} against the model by hand", head),
                 weights[static_cast<std::size_t>(head)],
                 op.reshape(expected, {10, kPatches, kPatches}).host(), kWeightLimit);
  }
}

/// Each query shares out 1, and with the causal mask nothing of it goes to a later key.
void prove_rows(Proofs& proofs, const NamedArrays& trained, const Tensor& tokens) {
  double from_one = 0;
  double hidden = 0;
  for (std::int64_t head = 0; head < kHeads; ++head) {
    for (const Mask& mask : {Mask{}, causal_mask(kPatches)}) {
      const HostArray weights = head_weights(trained, tokens, head, kHeads, mask).data().host();
      for (std::size_t begin = 0; begin < weights.values.size(); begin += kPatches) {
        const auto row = weights.values.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto query = static_cast<std::ptrdiff_t>(begin / kPatches % kPatches);
        from_one = std::max(from_one, std::abs(1 - std::accumulate(row, row + kPatches, 0.0)));
        if (mask) hidden = std::max(hidden, std::accumulate(row + query + 1, row + kPatches, 0.0));
      }
    }
  }
  proofs.at_most("weights of each query: their sum is 1", "max |d|", from_one, kSumLimit);
  proofs.at_most("weights behind the causal mask", "sum", hidden, kHiddenLimit);
}

/// The gradients of x and of all four parameters against finite differences.
void prove_slopes(Proofs& proofs, std::int64_t seed) {
  Random random(static_cast<std::uint64_t>(seed));
  SelfAttention attention(8, random);
  std::vector<HostArray> inputs{uniform({2, 5, 8}, 1, random)};
  for (const auto& [name, parameter] : attention.parameters()) {
    inputs.push_back(uniform(parameter.shape(), 1, random));
  }
  const auto attended = [&](const std::vector<Tensor>& at) {
    attention.in_proj_weight = at[1];
    attention.in_proj_bias = at[2];
    attention.out_proj.weight = at[3];
    attention.out_proj.bias = at[4];
    return attention(at[0], causal_mask(5));
  };
  proofs.at_most("slopes along random directions against differences", "relative",
                 gradient_error(attended, inputs, random), kSlopeLimit);
}

void show_and_prove(const Options& options, Proofs& proofs) {
  install_gradient_rows();
  set_backend(options.backend);
  show_three_tokens();
  const Baseline baseline = load_baseline(options.data);
  const NamedArrays trained = baseline.frozen.group("adamw/weights.1/");
  const Tensor tokens = tokens_before_attention(trained, baseline.x_ref);
  std::vector<HostArray> weights;
  for (std::int64_t head = 0; head < kHeads; ++head) {
    weights.push_back(head_weights(trained, tokens, head, kHeads).data().host());
  }
  show_looks(baseline, weights);
  show_ink(baseline, weights);

  prove_against_pytorch(proofs, "attention", "attention", {});
  prove_against_pytorch(proofs, "causal attention", "attention_causal", causal_mask(5));
  prove_slopes(proofs, options.seed);
  prove_heads(proofs, baseline, trained, tokens, weights);
  prove_rows(proofs, trained, tokens);
}

}  // namespace

nt::Program nt::program() {
  return {.name = "stage 07 attention",
          .summary = "Attention: every token asks all others; where the patches of a digit look",
          .backends = {nt::Backend::naive, nt::Backend::eigen},
          .run = show_and_prove};
}
