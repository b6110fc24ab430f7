// The kernels of the fused rows: what a FastArray holds, handed to the kernels row by row or head
// by head, each by one thread.

#include "fast_rows.hpp"

#include <algorithm>
#include <cmath>

#include "axis_runs.hpp"
#include "fast_ops.hpp"

namespace nt::fast {
namespace {

std::int64_t last(const FastArray& x) { return x.shape()[x.shape().rank() - 1]; }

/// Rows that belong to one thread, at least.
std::int64_t grain_of(std::int64_t C) { return kElements / (C + 1) + 1; }

/// y of the shape of x, kernel(rows, first row) having filled the rows from there on.
template <class Kernel>
FastArray by_rows(const FastArray& x, const Kernel& kernel) {
  FastArray y(x.shape());
  const std::int64_t C = last(x);
  if (y.shape().count() == 0) return y;
  float* const to = y.fill();
  parallel(x.shape().count() / C, grain_of(C), [&](std::int64_t begin, std::int64_t end) {
    kernel(end - begin, begin * C, to + begin * C);
  });
  return y;
}

}  // namespace

FastArray linear(const FastArray& x, const FastArray& weight, const FastArray& bias) {
  const FastArray start = contiguous(bias);
  const bool vector = x.shape().rank() == 1;
  const FastArray rows = vector ? reshape(x, {1, last(x)}) : x;
  const FastArray y = matmul(rows, transpose(weight, 0, 1), start.data());
  return vector ? reshape(y, bias.shape()) : y;
}

FastArray patch_embedding(const FastArray& images, const FastArray& weight, const FastArray& bias) {
  const Shape& s = images.shape();
  const std::int64_t C = weight.shape()[0];
  const std::int64_t P = weight.shape()[2];
  const std::int64_t down = s[2] / P;
  const std::int64_t across = s[3] / P;
  const FastArray grid = permute(reshape(images, {s[0], down, P, across, P}), {0, 1, 3, 2, 4});
  return linear(reshape(grid, {s[0], down * across, P * P}), reshape(weight, {C, P * P}), bias);
}

FastArray softmax(const FastArray& x) {
  const FastArray in = contiguous(x);
  return by_rows(x, [&](std::int64_t rows, std::int64_t first, float* y) {
    kernels().softmax(rows, last(x), in.data() + first, y);
  });
}

FastArray softmax_gradient(const FastArray& y, const FastArray& dy) {
  const FastArray out = contiguous(y);
  const FastArray from = contiguous(dy);
  return by_rows(y, [&](std::int64_t rows, std::int64_t first, float* dx) {
    kernels().softmax_gradient(rows, last(y), out.data() + first, from.data() + first, dx);
  });
}

FastArray layer_norm(const FastArray& x, const FastArray& weight, const FastArray& bias) {
  const FastArray in = contiguous(x);
  const FastArray w = contiguous(weight);
  const FastArray b = contiguous(bias);
  return by_rows(x, [&](std::int64_t rows, std::int64_t first, float* y) {
    kernels().layer_norm(rows, last(x), in.data() + first, w.data(), b.data(), y);
  });
}

FastArray layer_norm_gradient(const FastArray& x, const FastArray& weight, const FastArray& dy) {
  const FastArray in = contiguous(x);
  const FastArray w = contiguous(weight);
  const FastArray from = contiguous(dy);
  return by_rows(x, [&](std::int64_t rows, std::int64_t first, float* dx) {
    kernels().layer_norm_gradient(rows, last(x), in.data() + first, w.data(), from.data() + first,
                                  dx);
  });
}

FastArray layer_norm_weight_gradient(const FastArray& x, const FastArray& dy) {
  const std::int64_t C = last(x);
  const std::int64_t R = C == 0 ? 0 : x.shape().count() / C;
  const FastArray in = contiguous(x);
  const FastArray from = contiguous(dy);
  const std::int64_t parts = (R + kRowsOfASum - 1) / kRowsOfASum;
  FastArray sums(Shape{parts, C});
  float* const to = sums.fill();
  parallel(parts, 1, [&](std::int64_t part, std::int64_t end) {
    for (; part < end; ++part) {
      const std::int64_t first = part * kRowsOfASum;
      kernels().layer_norm_weight_gradient(std::min(kRowsOfASum, R - first), C,
                                           in.data() + first * C, from.data() + first * C,
                                           to + part * C);
    }
  });
  return sum(sums, {0}, false);
}

FastArray cross_entropy(const FastArray& logits, const Labels& labels) {
  const FastArray in = contiguous(logits);
  const std::int64_t C = last(logits);
  double surprise = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const float* const row = in.data() + static_cast<std::int64_t>(i) * C;
    const float most = *std::max_element(row, row + C);
    double total = 0;
    for (std::int64_t c = 0; c < C; ++c) total += std::exp(double{row[c]} - most);
    surprise += std::log(total) - (double{row[labels[i]]} - most);
  }
  FastArray loss{Shape{}};
  *loss.fill() = static_cast<float>(surprise / static_cast<double>(labels.size()));
  return loss;
}

FastArray cross_entropy_gradient(const FastArray& logits, const Labels& labels) {
  const FastArray in = contiguous(logits);
  const std::int64_t C = last(logits);
  const float share = 1 / static_cast<float>(labels.size());
  return by_rows(logits, [&](std::int64_t rows, std::int64_t first, float* dx) {
    kernels().softmax(rows, C, in.data() + first, dx);
    for (std::int64_t r = 0; r < rows; ++r, dx += C) {
      dx[labels[static_cast<std::size_t>(first / C + r)]] -= 1;
      for (std::int64_t c = 0; c < C; ++c) dx[c] *= share;
    }
  });
}

FastArray adamw(const FastArray& weight, const FastArray& gradient, const FastArray& m,
                const FastArray& v, const AdamWSettings& s, std::int64_t steps) {
  const auto t = static_cast<double>(steps);
  const auto known = [t](float beta) {
    return static_cast<float>(1 / (1 - std::pow(double{beta}, t)));
  };
  const auto rest = [](float beta) { return static_cast<float>(1 - double{beta}); };
  const AdamWFactors factors{s.beta1,       rest(s.beta1),  s.beta2,
                             rest(s.beta2), known(s.beta1), known(s.beta2),
                             s.eps,         s.weight_decay, s.lr};
  const FastArray w = contiguous(weight);
  const FastArray g = contiguous(gradient);
  const FastArray mean = contiguous(m);
  const FastArray square = contiguous(v);
  const std::int64_t n = weight.shape().count();
  std::vector<std::int64_t> sizes = weight.shape().sizes();
  sizes.insert(sizes.begin(), 3);
  FastArray all{Shape(sizes)};
  float* const to = all.fill();
  parallel(n, kElements, [&](std::int64_t i, std::int64_t end) {
    kernels().adamw(end - i, factors, w.data() + i, g.data() + i, mean.data() + i,
                    square.data() + i, to + i, to + n + i, to + 2 * n + i);
  });
  return all;
}

}  // namespace nt::fast
