// What the tape records, and what backward refuses.

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "core/errors.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

Tensor leaf(const Shape& shape, const std::vector<float>& values) {
  return Tensor(op::array({shape, values}), true);
}

Tensor leaf(float value) { return Tensor(op::number(value), true); }

HostArray number_of(float value) { return {{}, {value}}; }

std::vector<Tape::Id> inputs_of(const Tape::Node& node) {
  std::vector<Tape::Id> ids;
  for (const Tape::Edge& edge : node.edges) ids.push_back(edge.input);
  return ids;
}

using Ids = std::vector<Tape::Id>;

TEST_CASE("an operation leaves a node behind its inputs", "[stage_05][5.3]") {
  on_both([] {
    const Tensor a = leaf(2);
    const Tensor b = leaf(3);
    Tape tape;
    const Tensor c = a * b;
    const Tensor d = exp(c);
    REQUIRE(tape.nodes().size() == 4);
    const char* const names[] = {"leaf", "leaf", "multiply", "exp"};
    const Tensor tensors[] = {a, b, c, d};
    const Ids inputs[] = {{}, {}, {0, 1}, {2}};
    for (std::size_t id = 0; id < 4; ++id) {
      CAPTURE(id);
      CHECK(std::string(tape.nodes()[id].name) == names[id]);
      CHECK(tape.nodes()[id].tensor.identity() == tensors[id].identity());
      CHECK(inputs_of(tape.nodes()[id]) == inputs[id]);
    }
    CHECK_THAT(c.data(), close_to(number_of(6), 0));
    CHECK(c.requires_grad());
    CHECK(d.requires_grad());
  });
}

TEST_CASE("an input has one node, however often it is used", "[stage_05][5.3]") {
  on_both([] {
    const Tensor a = leaf(2);
    Tape tape;
    const Tensor b = a * a;
    const Tensor c = a + b;
    REQUIRE(tape.nodes().size() == 3);
    CHECK(inputs_of(tape.nodes()[1]) == Ids{0, 0});
    CHECK(inputs_of(tape.nodes()[2]) == Ids{0, 1});
    const Tensor copy = a;  // NOLINT(performance-unnecessary-copy-initialization)
    const Tensor d = copy + c;
    CHECK(inputs_of(tape.nodes().back()) == Ids{0, 2});
  });
}

TEST_CASE("inputs that want no gradient get no edge", "[stage_05][5.3]") {
  on_both([] {
    const Tensor constant(op::number(5));
    const Tensor a = leaf(2);
    Tape tape;
    const Tensor b = constant - a;
    const Tensor c = a + constant;
    REQUIRE(tape.nodes().size() == 3);
    REQUIRE(tape.nodes()[1].edges.size() == 1);
    CHECK(tape.nodes()[1].edges[0].input == 0);
    // and the edge that is left is the one of its own input: dc -> -dc
    CHECK_THAT(tape.nodes()[1].edges[0].derivative(op::number(3)), close_to(number_of(-3), 0));
    CHECK_THAT(tape.nodes()[2].edges[0].derivative(op::number(3)), close_to(number_of(3), 0));
  });
}

TEST_CASE("an edge carries its own input's derivative", "[stage_05][5.3]") {
  on_both([] {
    const Tensor a = leaf(2);
    const Tensor b = leaf(3);
    Tape tape;
    const Tensor c = a * b;
    REQUIRE(tape.nodes().size() == 3);
    const std::vector<Tape::Edge>& edges = tape.nodes()[2].edges;
    CHECK_THAT(edges.at(0).derivative(op::number(10)), close_to(number_of(30), 0));  // dc b
    CHECK_THAT(edges.at(1).derivative(op::number(10)), close_to(number_of(20), 0));  // dc a
  });
}

TEST_CASE("nothing is recorded without a tape, nor where nothing wants a gradient", "[stage_05]") {
  on_both([] {
    const Tensor a = leaf(2);
    CHECK(Tape::current() == nullptr);
    CHECK_FALSE((a * a).requires_grad());
    const Tape tape;
    CHECK(Tape::current() == &tape);
    const Tensor constant(op::number(5));
    CHECK_FALSE((constant * constant).requires_grad());
    CHECK_FALSE(greater(a, constant).requires_grad());
    CHECK_FALSE(equal(a, a).requires_grad());
    CHECK(tape.nodes().empty());
  });
  CHECK(Tape::current() == nullptr);
}

TEST_CASE("of several tapes the youngest records, and the others wait", "[stage_05][5.3]") {
  on_both([] {
    const Tensor a = leaf(2);
    Tape outer;
    const Tensor b = a * a;
    {
      Tape inner;
      CHECK(Tape::current() == &inner);
      const Tensor c = b * b;  // made by no node of the inner tape: there it is a leaf
      CHECK(inner.nodes().size() == 2);
      CHECK(inner.nodes()[0].edges.empty());
      CHECK(outer.nodes().size() == 2);
    }
    CHECK(Tape::current() == &outer);
    const Tensor d = b + a;
    CHECK(outer.nodes().size() == 3);
  });
}

TEST_CASE("a derivative of the wrong shape is named", "[stage_05][5.4]") {
  on_both([] {
    const Tensor x = leaf({2}, {1, 2});
    Tape tape;
    const auto three = [](const Array&) { return op::array({{3}, {1, 2, 3}}); };
    const Tensor y = record("odd", x.data(), {{x, three}});
    CHECK_THROWS_AS(tape.gradients(y, x.data()), ShapeError);
    CHECK_THROWS_WITH(tape.backward(y, x.data()), "odd: wrong derivative: x is (2), dx is (3)");
    CHECK_FALSE(x.grad());
    CHECK(tape.nodes().size() == 2);
  });
}

TEST_CASE("a second backward needs a second recording", "[stage_05][5.4]") {
  on_both([] {
    const Tensor x = leaf(3);
    Tape tape;
    const Tensor y = x * x;
    tape.backward(y);
    CHECK(tape.nodes().empty());
    CHECK_THROWS_AS(tape.backward(y), Error);
    CHECK_THROWS_WITH(tape.backward(y),
                      "backward: an earlier backward has freed the tape, record y again: y is ()");
    CHECK_THAT(x.grad(), close_to(number_of(6), 0));
    tape.backward(x * x);
    CHECK_THAT(x.grad(), close_to(number_of(12), 0));
  });
}

TEST_CASE("backward says what it cannot start from", "[stage_05]") {
  on_both([] {
    const Tensor x = leaf({2}, {1, 2});
    const Tensor constant(op::array({{2}, {3, 4}}));
    const Tensor before = x * x;
    const Tensor unused = leaf(1);
    Tape tape;
    const Tensor y = x * x;
    const Array dy = op::array({{2}, {1, 1}});
    CHECK_THROWS_WITH(tape.backward(constant * constant, dy),
                      "backward: y wants no gradient, nor does any input of it: y is (2)");
    CHECK_THROWS_WITH(tape.backward(before, dy),
                      "backward: y wants no gradient, nor does any input of it: y is (2)");
    CHECK_THROWS_AS(tape.backward(unused), Error);
    CHECK_THROWS_WITH(tape.backward(unused),
                      "backward: nothing on the tape has made or used y: y is ()");
    CHECK_THROWS_AS(tape.backward(y), ShapeError);
    CHECK_THROWS_WITH(tape.backward(y),
                      "backward: without dy, y must be a single number, of shape (): y is (2)");
    CHECK_THROWS_AS(tape.backward(y, op::array({{3}, {1, 1, 1}})), ShapeError);
    CHECK_THROWS_WITH(tape.backward(y, op::array({{3}, {1, 1, 1}})),
                      "backward: shapes differ: y is (2), dy is (3)");
    CHECK_THROWS_WITH(tape.backward(y, op::array({{2, 1}, {1, 1}})),
                      "backward: shapes differ: y is (2), dy is (2, 1)");
    CHECK_THROWS_AS(tape.backward(y, Array{}), BackendError);
    CHECK_THROWS_WITH(tape.backward(y, Array{}), "backward: dy holds no data");
    CHECK(tape.nodes().size() == 2);
    CHECK_FALSE(x.grad());
  });
}

TEST_CASE("a seed is on the backend of y", "[stage_05]") {
  install_gradient_rows();
  set_backend(Backend::eigen);
  const Array dy = op::number(1);
  set_backend(Backend::naive);
  const Tensor x = leaf(3);
  Tape tape;
  const Tensor y = x + x;
  CHECK_THROWS_AS(tape.backward(y, dy), BackendError);
  CHECK_THROWS_WITH(tape.backward(y, dy),
                    "backward: backends differ: y is on 'naive', dy is on 'eigen'");
}

}  // namespace
}  // namespace nt
