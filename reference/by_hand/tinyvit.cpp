#include "by_hand/tinyvit.hpp"

#include <fmt/format.h>

namespace nt::by_hand {
namespace {

AttentionWeights attention_weights(const Arrays& weights, const std::string& block) {
  const std::string prefix = block + "self_attn.";
  return {weights.at(prefix + "in_proj_weight"), weights.at(prefix + "in_proj_bias"),
          weights.at(prefix + "out_proj.weight"), weights.at(prefix + "out_proj.bias")};
}

std::string block_name(int number) { return fmt::format("encoder.{}.", number); }

/// A convolution's weight (C, 1, P, P) as the weight of a linear layer over patches: (C, P^2)
Array as_linear(const Operations& op, const Array& weight) {
  return op.reshape(weight, {weight.shape()[0], weight.shape().count() / weight.shape()[0]});
}

/// One pre-norm encoder block:  r = x + attention(norm1(x)),  y = r + mlp(norm2(r)).
///   x: (B, T, C) -> (B, T, C)
Array block_forward(const Operations& op, const Arrays& w, const std::string& block, int heads,
                    const Array& x, Memory& memory) {
  const auto linear_layer = [&](const std::string& layer, const Array& input) {
    return linear(op, input, w.at(block + layer + ".weight"), w.at(block + layer + ".bias"));
  };
  const auto norm_layer = [&](const std::string& layer, const Array& input) {
    return layer_norm(op, input, w.at(block + layer + ".weight"), w.at(block + layer + ".bias"));
  };
  Arrays& a = memory.activations;
  a[block + "norm1"] = norm_layer("norm1", x);
  a[block + "attention"] = attention(op, a[block + "norm1"], attention_weights(w, block), heads,
                                     memory.attention.emplace_back());
  a[block + "residual1"] = op.add(x, a[block + "attention"]);
  a[block + "norm2"] = norm_layer("norm2", a[block + "residual1"]);
  a[block + "linear1"] = linear_layer("linear1", a[block + "norm2"]);
  a[block + "gelu"] = gelu(op, a[block + "linear1"]);
  a[block + "linear2"] = linear_layer("linear2", a[block + "gelu"]);
  a[block + "residual2"] = op.add(a[block + "residual1"], a[block + "linear2"]);
  return a[block + "residual2"];
}

void keep(Arrays& gradients, const std::string& layer, const LinearGradients& result) {
  gradients[layer + ".weight"] = result.dweight;
  gradients[layer + ".bias"] = result.dbias;
}

/// The block's derivative, layer by layer from its end; dy: (B, T, C) -> dx: (B, T, C)
Array block_backward(const Operations& op, const Arrays& w, const std::string& block,
                     const Array& x, const Arrays& a, const AttentionMemory& attention,
                     const Array& dy, Arrays& gradients) {
  // y = r + linear2(gelu(linear1(norm2(r)))):  dy goes both ways, and the two meet again in dr.
  const LinearGradients linear2 =
      linear_backward(op, a.at(block + "gelu"), w.at(block + "linear2.weight"), dy);
  const Array dlinear1 = gelu_backward(op, a.at(block + "linear1"), linear2.dx);
  const LinearGradients linear1 =
      linear_backward(op, a.at(block + "norm2"), w.at(block + "linear1.weight"), dlinear1);
  const LinearGradients norm2 =
      layer_norm_backward(op, a.at(block + "residual1"), w.at(block + "norm2.weight"), linear1.dx);
  const Array dr = op.add(dy, norm2.dx);

  // r = x + attention(norm1(x))
  const AttentionGradients attended =
      attention_backward(op, a.at(block + "norm1"), attention_weights(w, block), attention, dr);
  const LinearGradients norm1 =
      layer_norm_backward(op, x, w.at(block + "norm1.weight"), attended.dx);

  keep(gradients, block + "linear2", linear2);
  keep(gradients, block + "linear1", linear1);
  keep(gradients, block + "norm2", norm2);
  keep(gradients, block + "norm1", norm1);
  gradients[block + "self_attn.in_proj_weight"] = attended.dweights.in_weight;
  gradients[block + "self_attn.in_proj_bias"] = attended.dweights.in_bias;
  gradients[block + "self_attn.out_proj.weight"] = attended.dweights.out_weight;
  gradients[block + "self_attn.out_proj.bias"] = attended.dweights.out_bias;
  return op.add(dr, norm1.dx);
}

}  // namespace

Array forward(const Operations& op, const Config& config, const Arrays& weights,
              const Array& images, Memory& memory) {
  Arrays& a = memory.activations;
  memory.patches = cut_patches(op, images, config.patch);
  a["patch_embedding"] =
      linear(op, memory.patches, as_linear(op, weights.at("patch_embedding.weight")),
             weights.at("patch_embedding.bias"));
  a["position_embedding"] = op.add(a["patch_embedding"], weights.at("position_embedding"));

  Array x = a["position_embedding"];
  for (int block = 0; block < config.depth; ++block) {
    x = block_forward(op, weights, block_name(block), config.heads, x, memory);
  }
  a["mean"] = op.mean(x, {1}, false);  // over the tokens: (B, C)
  a["logits"] =
      linear(op, a["mean"], weights.at("classifier.weight"), weights.at("classifier.bias"));
  return a["logits"];
}

Arrays backward(const Operations& op, const Config& config, const Arrays& weights,
                const Memory& memory, const Array& dlogits) {
  const Arrays& a = memory.activations;
  Arrays gradients;
  const LinearGradients classifier =
      linear_backward(op, a.at("mean"), weights.at("classifier.weight"), dlogits);
  keep(gradients, "classifier", classifier);

  // mean over T tokens: each token has a share of 1/T in it.
  const Shape& tokens = a.at("position_embedding").shape();
  const Array share = op.multiply(classifier.dx, op.number(1 / static_cast<float>(tokens[1])));
  Array dx = op.add(op.reshape(share, {tokens[0], 1, tokens[2]}), op.array(filled(tokens)));

  for (int block = config.depth - 1; block >= 0; --block) {
    const Array& x =
        block == 0 ? a.at("position_embedding") : a.at(block_name(block - 1) + "residual2");
    dx = block_backward(op, weights, block_name(block), x, a,
                        memory.attention[static_cast<std::size_t>(block)], dx, gradients);
  }
  gradients["position_embedding"] = op.sum(dx, {0}, false);  // shared by all images
  const Array& weight = weights.at("patch_embedding.weight");
  LinearGradients patches = linear_backward(op, memory.patches, as_linear(op, weight), dx);
  patches.dweight = op.reshape(patches.dweight, weight.shape());
  keep(gradients, "patch_embedding", patches);
  return gradients;
}

}  // namespace nt::by_hand
