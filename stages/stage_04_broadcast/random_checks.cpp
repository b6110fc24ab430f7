// Thousands of random shapes: the naive backend against Eigen, and both against numpy. Operands are
// multiples of 1/8 that no sum or product here rounds, and often views, so results must be equal.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/random.hpp"
#include "install_broadcast.hpp"
#include "numpy_cases.hpp"
#include "rows.hpp"

namespace nt {
namespace {

constexpr int kRank = 6;

int below(Random& random, int bound) {
  return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
}

bool happens(Random& random, float probability) { return random.uniform() < probability; }

/// Sizes 1 to 4, and now and then 0 where `empty` allows it.
std::vector<std::int64_t> some_sizes(Random& random, int rank, bool empty) {
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(rank));
  for (std::int64_t& size : sizes) {
    size = empty && happens(random, 0.05F) ? 0 : 1 + below(random, 4);
  }
  return sizes;
}

Array eighths(Random& random, const std::vector<std::int64_t>& sizes) {
  HostArray host{Shape(sizes), {}};
  for (std::int64_t i = 0; i < host.shape.count(); ++i) {
    const int size = 1 + below(random, 16);  // never 0, so that it can be divided by
    host.values.push_back(static_cast<float>(happens(random, 0.5F) ? size : -size) / 8);
  }
  return op::array(host);
}

Axes some_order(Random& random, int rank) {
  const std::vector<std::int64_t> order = random.permutation(rank);
  return {order.begin(), order.end()};
}

/// An operand of these sizes, often a permutation of what lies in memory.
Array turned(Random& random, const std::vector<std::int64_t>& sizes) {
  if (happens(random, 0.4F)) return eighths(random, sizes);
  const Axes order = some_order(random, static_cast<int>(sizes.size()));
  std::vector<std::int64_t> in_memory(sizes.size());
  for (std::size_t axis = 0; axis < sizes.size(); ++axis) {
    in_memory[static_cast<std::size_t>(order[axis])] = sizes[axis];
  }
  return op::permute(eighths(random, in_memory), order);
}

/// The same, often a slice of something larger as well.
Array operand(Random& random, std::vector<std::int64_t> sizes) {
  if (sizes.empty() || happens(random, 0.4F)) return turned(random, sizes);
  const int axis = below(random, static_cast<int>(sizes.size()));
  const std::int64_t size = sizes[static_cast<std::size_t>(axis)]++;
  const std::int64_t start = below(random, 2);
  return op::slice(turned(random, sizes), axis, start, start + size);
}

/// Sizes that broadcast to `common`: some shrink to 1, some leading ones are left away.
std::vector<std::int64_t> shrunk(Random& random, std::vector<std::int64_t> common) {
  for (std::int64_t& size : common) size = happens(random, 0.3F) ? 1 : size;
  const bool shorter = happens(random, 0.4F);
  const int dropped = shorter ? below(random, static_cast<int>(common.size()) + 1) : 0;
  return {common.begin() + dropped, common.end()};
}

/// What a case computes, and in words.
struct Outcome {
  Array result;
  std::string text;
};

/// Runs `compute(random)` with every seed on both backends: the results are equal.
template <class Compute>
void compare_backends(int cases, const Compute& compute) {
  install_broadcast();
  const auto on = [&](Backend backend, int seed) {
    set_backend(backend);
    Random random(static_cast<std::uint64_t>(seed));
    return compute(random);
  };
  for (int seed = 0; seed < cases; ++seed) {
    const Outcome expected = on(Backend::eigen, seed);
    INFO("case " << seed << ", " << expected.text);
    REQUIRE_THAT(on(Backend::naive, seed).result, close_to(expected.result, 0));
  }
}

TEST_CASE("elementwise operations agree with Eigen on random shapes", "[stage_04][4.1]") {
  constexpr const op::Binary* kRows[] = {&op::add, &op::subtract, &op::multiply, &op::divide};
  compare_backends(3000, [&](Random& random) -> Outcome {
    const op::Binary& row = *kRows[below(random, 4)];
    const auto common = some_sizes(random, below(random, kRank + 1), true);
    const Array a = turned(random, shrunk(random, common));
    const Array b = turned(random, shrunk(random, common));
    return {row(a, b),
            fmt::format("{}: a is {}, b is {}", row.name(), a.shape().text(), b.shape().text())};
  });
}

TEST_CASE("reductions agree with Eigen on random shapes", "[stage_04][4.4]") {
  constexpr const op::Reduction* kRows[] = {&op::sum, &op::mean, &op::max};
  compare_backends(2000, [&](Random& random) -> Outcome {
    const op::Reduction& row = *kRows[below(random, 3)];
    const int rank = below(random, kRank + 1);
    const Array x = operand(random, some_sizes(random, rank, &row == &op::sum));
    Axes axes = some_order(random, rank);
    axes.resize(static_cast<std::size_t>(below(random, rank + 1)));
    const bool keepdim = happens(random, 0.5F);
    return {row(x, axes, keepdim), fmt::format("{} of {} axes, keepdim {}: x is {}", row.name(),
                                               axes.size(), keepdim, x.shape().text())};
  });
}

TEST_CASE("argmax agrees with Eigen on random shapes", "[stage_04][4.5]") {
  compare_backends(1000, [&](Random& random) -> Outcome {
    const int rank = 1 + below(random, kRank);
    const Array x = operand(random, some_sizes(random, rank, false));
    const int axis = below(random, rank);
    return {op::argmax(x, axis, happens(random, 0.5F)),
            fmt::format("argmax along axis {}: x is {}", axis, x.shape().text())};
  });
}

TEST_CASE("products of stacks agree with Eigen on random shapes", "[stage_04][4.6]") {
  compare_backends(1000, [&](Random& random) -> Outcome {
    const auto common = some_sizes(random, below(random, 4), true);
    auto a_sizes = shrunk(random, common);
    auto b_sizes = shrunk(random, common);
    const std::int64_t K = below(random, 10);
    a_sizes.insert(a_sizes.end(), {1 + below(random, 9), K});
    b_sizes.insert(b_sizes.end(), {K, 1 + below(random, 9)});
    const Array a = operand(random, a_sizes);
    const Array b = operand(random, b_sizes);
    return {op::matmul(a, b),
            fmt::format("matmul: a is {}, b is {}", a.shape().text(), b.shape().text())};
  });
}

TEST_CASE("products of stacks agree with Eigen on ragged sizes", "[stage_04][4.6]") {
  constexpr int kRagged[] = {1, 7, 8, 9, 33};
  compare_backends(125, [&](Random& random) -> Outcome {
    const auto seed = static_cast<int>(random.state());  // 0 to 124: M, K and N in turn
    const std::int64_t M = kRagged[seed % 5];
    const std::int64_t K = kRagged[seed / 5 % 5];
    const std::int64_t N = kRagged[seed / 25];
    const Array a = operand(random, {2, 1, M, K});
    const Array b = operand(random, {2, K, N});
    return {op::matmul(a, b), fmt::format("matmul: M is {}, K is {}, N is {}", M, K, N)};
  });
}

/// As many elements in another shape: the sizes in another order, some multiplied, ones in between.
Shape reshaped(Random& random, const Shape& shape) {
  std::vector<std::int64_t> sizes;
  for (const int axis : some_order(random, shape.rank())) {
    if (!sizes.empty() && happens(random, 0.4F)) {
      sizes.back() *= shape[axis];
    } else {
      sizes.push_back(shape[axis]);
    }
    if (happens(random, 0.1F)) sizes.push_back(1);
  }
  return Shape(sizes);
}

/// One of the views of x.
Array some_view(Random& random, const Array& x) {
  const int rank = x.shape().rank();
  if (rank == 0) return op::expand(x, {2, 3});
  const int axis = below(random, rank);
  const std::int64_t size = x.shape()[axis];
  switch (below(random, 4)) {
    case 0: return op::permute(x, some_order(random, rank));
    case 1: return op::slice(x, axis, size / 3, size);
    case 2: return op::reshape(x, reshaped(random, x.shape()));
    default: {
      std::vector<std::int64_t> sizes = x.shape().sizes();
      for (std::int64_t& each : sizes) each = each == 1 ? 2 : each;
      if (rank < kRank) sizes.insert(sizes.begin(), 2);
      return op::expand(x, Shape(sizes));
    }
  }
}

TEST_CASE("views of views agree with Eigen on random shapes", "[stage_04][4.3]") {
  compare_backends(1000, [&](Random& random) -> Outcome {
    Array x = eighths(random, some_sizes(random, below(random, 5), true));
    std::string shapes = x.shape().text();
    for (int views = 1 + below(random, 4); views > 0; --views) {
      x = some_view(random, x);
      shapes += " -> " + x.shape().text();
    }
    return {x, shapes};
  });
}

TEST_CASE("the op table computes what numpy computes", "[stage_04]") {
  install_broadcast();
  const Frozen numpy = Frozen::open("numpy");
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    set_backend(backend);
    for (const NumpyResult& result : compare_with_numpy(numpy)) {
      INFO(name(backend) << ", " << result.name << ": the first wrong case is " << result.first);
      CHECK(result.cases >= 400);
      CHECK(result.wrong == 0);
    }
  }
}

}  // namespace
}  // namespace nt
