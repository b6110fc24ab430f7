#include "inference_2d.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "core/errors.hpp"
#include "rows.hpp"

namespace nt {
namespace {

constexpr std::int64_t kPatch = 4;
constexpr std::int64_t kHeads = 4;

Array filled(std::int64_t rows, std::int64_t columns, float value) {
  const Shape shape{rows, columns};
  return op::array({shape, std::vector<float>(static_cast<std::size_t>(shape.count()), value)});
}

/// Every row the same.   row: (1, N) -> (M, N)
Array repeat_row(const Array& row, std::int64_t M) { return op::matmul(filled(M, 1, 1), row); }

/// Every column the same.   column: (M, 1) -> (M, N)
Array repeat_column(const Array& column, std::int64_t N) {
  return op::matmul(column, filled(1, N, 1));
}

/// The sum of each row, in all its places.   x: (M, N) -> (M, N)
Array row_sums(const Array& x) {
  const std::int64_t N = x.shape()[1];
  return repeat_column(op::matmul(x, filled(N, 1, 1)), N);
}

Array scaled(const Array& x, float factor) {
  return op::multiply(x, filled(x.shape()[0], x.shape()[1], factor));
}

Array plus(const Array& x, float constant) {
  return op::add(x, filled(x.shape()[0], x.shape()[1], constant));
}

class Weights {
 public:
  explicit Weights(const std::vector<std::pair<std::string, HostArray>>& weights)
      : weights_(weights.begin(), weights.end()) {}

  /// Rows start .. start + count-1, or all of them from `start`; a vector counts as one row.
  Array rows(const std::string& name, std::int64_t start = 0, std::int64_t count = -1) const {
    const HostArray& w = named(name);
    const std::int64_t columns =
        w.shape.rank() < 2 ? w.shape.count() : w.shape.count() / w.shape[0];
    const std::int64_t all = w.shape.count() / columns;
    if (count < 0) count = all - start;
    const auto first = w.values.begin() + start * columns;
    return op::array({{count, columns}, {first, first + count * columns}});
  }

  /// Numbers start .. start + count-1 of a vector, as a row.
  Array part(const std::string& name, std::int64_t start, std::int64_t count) const {
    const auto first = named(name).values.begin() + start;
    return op::array({{1, count}, {first, first + count}});
  }

 private:
  const HostArray& named(const std::string& name) const {
    const auto found = weights_.find(name);
    if (found == weights_.end()) throw Error(fmt::format("infer_2d: no weight '{}'", name));
    return found->second;
  }

  std::map<std::string, HostArray> weights_;
};

/// x W^T + b.   x: (T, K), weight: (N, K), bias: (1, N) -> (T, N)
Array linear(const Array& x, const Array& weight, const Array& bias) {
  return op::add(op::matmul(x, op::transpose(weight, 0, 1)), repeat_row(bias, x.shape()[0]));
}

Array linear(const Weights& weights, const std::string& layer, const Array& x) {
  return linear(x, weights.rows(layer + ".weight"), weights.rows(layer + ".bias"));
}

/// (x - mean) / sqrt(var + 1e-5) * weight + bias, over each row.
Array layer_norm(const Weights& weights, const std::string& layer, const Array& x) {
  const std::int64_t T = x.shape()[0];
  const float share = 1 / static_cast<float>(x.shape()[1]);
  const Array centred = op::subtract(x, scaled(row_sums(x), share));
  const Array variance = scaled(row_sums(op::multiply(centred, centred)), share);
  const Array z = op::divide(centred, op::sqrt(plus(variance, 1e-5F)));
  return op::add(op::multiply(z, repeat_row(weights.rows(layer + ".weight"), T)),
                 repeat_row(weights.rows(layer + ".bias"), T));
}

/// exp(x) / the sum of its row. Without max there is nothing to subtract first; the scores here are
/// far from where exp overflows.
Array softmax(const Array& x) {
  const Array e = op::exp(x);
  return op::divide(e, row_sums(e));
}

/// x (1 + erf(x / sqrt 2)) / 2
Array gelu(const Array& x) {
  return op::multiply(x, scaled(plus(op::erf(scaled(x, std::sqrt(0.5F))), 1), 0.5F));
}

/// One head asks, listens and reports: (T, C) -> (T, D)
Array head(const Weights& weights, const std::string& attention, const Array& x, std::int64_t h) {
  const std::int64_t C = x.shape()[1];
  const std::int64_t D = C / kHeads;
  const auto project = [&](std::int64_t part) {  // 0, 1, 2: q, k, v
    const std::int64_t start = part * C + h * D;
    return linear(x, weights.rows(attention + "in_proj_weight", start, D),
                  weights.part(attention + "in_proj_bias", start, D));
  };
  const Array scores = op::matmul(project(0), op::transpose(project(1), 0, 1));
  return op::matmul(softmax(scaled(scores, 1 / std::sqrt(static_cast<float>(D)))), project(2));
}

/// The heads side by side, times W_out^T, are the sum of each head times its columns of W_out.
Array attention(const Weights& weights, const std::string& block, const Array& x) {
  const std::string name = block + "self_attn.";
  const std::int64_t C = x.shape()[1];
  const std::int64_t D = C / kHeads;
  const Array out = op::transpose(weights.rows(name + "out_proj.weight"), 0, 1);
  Array sum = repeat_row(weights.rows(name + "out_proj.bias"), x.shape()[0]);
  for (std::int64_t h = 0; h < kHeads; ++h) {
    HostArray chooser{{D, C}, std::vector<float>(static_cast<std::size_t>(D * C))};
    for (std::int64_t d = 0; d < D; ++d) {
      chooser.values[static_cast<std::size_t>(d * C + h * D + d)] = 1;  // row d takes row h D + d
    }
    const Array own_rows = op::matmul(op::array(chooser), out);  // (D, C)
    sum = op::add(sum, op::matmul(head(weights, name, x, h), own_rows));
  }
  return sum;
}

/// The patches of one image, a row each.   pixels: 28 x 28 from `first` on -> (49, 16)
Array patches(const float* first, std::int64_t side) {
  const std::int64_t across = side / kPatch;
  HostArray rows{{across * across, kPatch * kPatch}, {}};
  for (std::int64_t patch = 0; patch < across * across; ++patch) {
    for (std::int64_t pixel = 0; pixel < kPatch * kPatch; ++pixel) {
      const std::int64_t y = patch / across * kPatch + pixel / kPatch;
      const std::int64_t x = patch % across * kPatch + pixel % kPatch;
      rows.values.push_back(first[y * side + x]);
    }
  }
  return op::array(rows);
}

/// One image's patches -> its logits: (1, 10)
Array logits(const Weights& weights, const Array& patches) {
  Array x =
      op::add(linear(weights, "patch_embedding", patches), weights.rows("position_embedding"));
  const std::string block = "encoder.0.";
  x = op::add(x, attention(weights, block, layer_norm(weights, block + "norm1", x)));
  const Array hidden = linear(weights, block + "linear1", layer_norm(weights, block + "norm2", x));
  x = op::add(x, linear(weights, block + "linear2", gelu(hidden)));
  const std::int64_t T = x.shape()[0];
  const Array mean = op::matmul(filled(1, T, 1 / static_cast<float>(T)), x);
  return linear(weights, "classifier", mean);
}

}  // namespace

HostArray infer_2d(const std::vector<std::pair<std::string, HostArray>>& weights,
                   const HostArray& images) {
  const Weights by_name(weights);
  const std::int64_t B = images.shape[0];
  const std::int64_t side = images.shape[2];
  HostArray result{{B, 10}, {}};
  for (std::int64_t i = 0; i < B; ++i) {
    const Array row = logits(by_name, patches(images.values.data() + i * side * side, side));
    const std::vector<float> values = row.host().values;
    result.values.insert(result.values.end(), values.begin(), values.end());
  }
  return result;
}

}  // namespace nt
