// Random graphs, what is said of them, and how they shrink.

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "columns.hpp"
#include "patch_rows.hpp"
#include "planted.hpp"
#include "random_graph.hpp"
#include "shrink.hpp"

namespace nt {
namespace {

const std::string kNone;

Node leaf(const Shape& shape, const std::vector<float>& values) {
  return {"leaf", {shape, values}, {}, {}};
}

Graph drawn(std::uint64_t seed, int steps) {
  Random random(seed);
  return random_graph(random, steps);
}

void use_naive() {
  install_patches();
  set_backend(Backend::naive);
}

bool holds(const Graph& graph, const std::string& op) {
  return std::any_of(graph.begin(), graph.end(), [&](const Node& node) { return node.op == op; });
}

/// v2 = v0 v1, v3 = exp v0 (for nothing), v4 = v2 + v2, v5 = sum v4
Graph example() {
  return {leaf({2}, {1, 2}),    leaf({}, {-0.5F}),       {"multiply", {}, {0, 1}, {}},
          {"exp", {}, {0}, {}}, {"add", {}, {2, 2}, {}}, {"sum", {}, {4}, {0}}};
}

TEST_CASE("a graph computes what its nodes say", "[stage_16]") {
  use_naive();
  const std::vector<HostArray> values = values_of(example());
  REQUIRE(values.size() == 6);
  CHECK_THAT(values[2], close_to(HostArray{{2}, {-0.5F, -1}}, 0));
  CHECK_THAT(values[5], close_to(HostArray{{}, {-3}}, 0));
  CHECK(leaves_of(example()).size() == 2);
  const Tensor y =
      function_of(example())({Tensor(op::array({{2}, {4, 0}})), Tensor(op::number(1))});
  CHECK_THAT(y.data(), close_to(HostArray{{}, {8}}, 0));
}

TEST_CASE("a graph is C++ that can be pasted", "[stage_16]") {
  CHECK(code(without_the_unused(example())) ==
        "const Tensor v0 = Tensor(op::array({{2}, {1, 2}}), true);\n"
        "const Tensor v1 = Tensor(op::array({{}, {-0.5F}}), true);\n"
        "const Tensor v2 = multiply(v0, v1);\n"
        "const Tensor v3 = add(v2, v2);\n"
        "const Tensor v4 = sum(v3, {0});\n");
  CHECK(expression({"slice", {}, {7}, {1, 0, 3}}) == "slice(v7, 1, 0, 3)");
  CHECK(expression({"reshape", {}, {7}, {2, 3}}) == "reshape(v7, {2, 3})");
  CHECK(expression(leaf({1, 2}, {1e-9F, 1e9F})) ==
        "Tensor(op::array({{1, 2}, {1e-09F, 1000000000}}), true)");
}

TEST_CASE("what the result does not need is left out", "[stage_16]") {
  const Graph kept = without_the_unused(example());
  REQUIRE(kept.size() == 5);
  CHECK_FALSE(holds(kept, "exp"));
  CHECK(kept[4].inputs == std::vector<std::size_t>{3});
  CHECK(operations(kept) == 3);
  CHECK(without_the_unused({leaf({}, {1}), leaf({}, {2})}).size() == 1);
}

TEST_CASE("the same seed draws the same graph, and every operation comes up", "[stage_16]") {
  use_naive();
  std::set<std::string> ops;
  std::set<std::string> codes;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const Graph graph = drawn(seed, 8);
    codes.insert(code(graph));
    for (const Node& node : graph) ops.insert(node.op);
    REQUIRE(code(graph) == code(drawn(seed, 8)));
    REQUIRE(operations(graph) <= 8);
    for (const HostArray& value : values_of(graph)) {
      REQUIRE(std::all_of(value.values.begin(), value.values.end(),
                          [](float number) { return std::abs(number) < 4; }));
    }
  }
  CHECK(codes.size() > 150);
  CHECK(ops.size() == 18);  // seventeen and leaf
}

TEST_CASE("what is smaller has fewer operations and the smallest comes first", "[stage_16]") {
  use_naive();
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const Graph graph = drawn(seed, 8);
    std::size_t before = 0;
    for (const Graph& candidate : smaller(graph)) {
      REQUIRE(operations(candidate) < operations(graph));
      REQUIRE(operations(candidate) >= before);
      before = operations(candidate);
      REQUIRE(values_of(candidate).size() == candidate.size());  // it can be computed
    }
  }
}

TEST_CASE("what is smaller ends earlier, is given a value, or goes past an operation",
          "[stage_16]") {
  use_naive();
  const Graph graph{leaf({2}, {1, 0}), {"exp", {}, {0}, {}}, {"sum", {}, {1}, {0}}};
  std::set<std::string> codes;
  for (const Graph& candidate : smaller(graph)) codes.insert(code(candidate));
  const std::string given = code({leaf({2}, {1, 0})});
  CHECK(codes == std::set<std::string>{
                     given + "const Tensor v1 = exp(v0);\n",
                     code({leaf({2}, {std::exp(1.0F), 1})}) + "const Tensor v1 = sum(v0, {0});\n",
                     given + "const Tensor v1 = sum(v0, {0});\n"});
}

TEST_CASE("a graph shrinks to the operation that fails", "[stage_16][16.4]") {
  use_naive();
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Graph graph = drawn(seed, 10);
    for (const std::string op : {"tanh", "slice", "add", "mean"}) {
      if (!holds(graph, op)) continue;
      CAPTURE(seed, op);
      const Graph small = shrunk(graph, [&](const Graph& part) { return holds(part, op); });
      CHECK(operations(small) == 1);
      CHECK(small.back().op == op);
      ++seen[op];
    }
  }
  CHECK(seen.size() == 4);
}

TEST_CASE("a graph shrinks to as many operations as a failure needs", "[stage_16][16.4]") {
  use_naive();
  int seen = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const Graph graph = drawn(seed, 12);
    const auto fails = [](const Graph& part) { return holds(part, "tanh") && holds(part, "sum"); };
    if (!fails(graph)) continue;
    CAPTURE(seed);
    const Graph small = shrunk(graph, fails);
    CHECK(fails(small));  // the failure is not lost on the way
    CHECK(operations(small) < operations(graph) + 1);
    const std::vector<Graph> rest = smaller(small);
    CHECK(std::none_of(rest.begin(), rest.end(), fails));
    ++seen;
  }
  CHECK(seen >= 5);
}

TEST_CASE("a graph that cannot be smaller stays as it is", "[stage_16][16.4]") {
  use_naive();
  const Graph graph{leaf({2}, {1, 2}), {"exp", {}, {0}, {}}};
  CHECK(code(shrunk(graph, [](const Graph&) { return true; })) == code(graph));
  const Graph large = without_the_unused(example());
  const auto only_itself = [&](const Graph& part) { return part.size() == large.size(); };
  CHECK(code(shrunk(large, only_itself)) == code(large));
}

TEST_CASE("a pad with its zeros behind is found by graphs and shrunk to one operation",
          "[stage_16][16.3][16.4]") {
  install_patches();
  for (const Backend backend : columns()) {
    set_backend(backend);
    const OtherKernel planted(op::pad, backend, pad_behind(backend));
    const auto fails = [&](const Graph& part) { return !complaint_about(part, backend).empty(); };
    int found = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
      const Graph graph = drawn(seed, 8);
      if (!fails(graph)) continue;
      ++found;
      const Graph small = shrunk(graph, fails);
      CHECK(operations(small) == 1);
      CHECK((holds(small, "pad") || holds(small, "slice")));
    }
    CHECK(found >= 10);
  }
}

TEST_CASE("graphs that are right have no complaint on any backend", "[stage_16][16.3]") {
  install_patches();
  for (const Backend backend : columns()) {
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      CAPTURE(seed);
      set_backend(backend);
      CHECK(complaint_about(drawn(seed, 8), backend) == kNone);
      CHECK(current_backend() == backend);
    }
  }
}

TEST_CASE("a graph is complained about for its slope, for its backend, or for its error",
          "[stage_16][16.3]") {
  use_naive();
  const Graph graph{leaf({2}, {1, 0.5F}), {"exp", {}, {0}, {}}};
  const auto own = op::exp.kernel(Backend::naive);
  const auto complaint_with = [&](const op::Unary::Kernel& kernel) {
    const OtherKernel planted(op::exp, Backend::naive, kernel);
    return complaint_about(graph, Backend::naive);
  };
  CHECK(complaint_with(own) == kNone);
  // exp's derivative is exp: x + 1 has the slope 1.
  CHECK_THAT(complaint_with([](const Array& x) { return op::add(x, op::number(1)); }),
             contains_text("the gradient is not the slope: they differ by "));
  // exp(x + 1) is its own slope: only another backend knows better.
  CHECK_THAT(complaint_with([&](const Array& x) { return own(op::add(x, op::number(1))); }),
             contains_text("'naive' is not 'eigen': they differ by "));
  CHECK(complaint_with([](const Array&) -> Array { throw Error("exp: broken"); }) == "exp: broken");
}

}  // namespace
}  // namespace nt
