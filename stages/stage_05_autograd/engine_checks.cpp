// How the engine goes back through a tape.

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "tensor_ops.hpp"

namespace nt {
namespace {

Tensor leaf(const Shape& shape, const std::vector<float>& values) {
  return Tensor(op::array({shape, values}), true);
}

Tensor leaf(float value) { return Tensor(op::number(value), true); }

HostArray number_of(float value) { return {{}, {value}}; }

TEST_CASE("a gradient goes back through a chain, a product at a time", "[stage_05][5.4]") {
  on_both([] {
    // y = exp(0)^3 * 5: de = 3 e^2 * 5 = 15, dx = 15 e = 15
    const Tensor x = leaf(0);
    Tape tape;
    const Tensor e = exp(x);
    const Tensor y = e * e * e * 5;
    const std::vector<Array> gradients = tape.gradients(y, op::number(1));
    REQUIRE(gradients.size() == 5);
    const float expected[] = {15, 15, 5, 5, 1};  // x, e, e e, e e e, y
    for (std::size_t id = 0; id < 5; ++id) {
      CAPTURE(id);
      CHECK_THAT(gradients[id], close_to(number_of(expected[id]), 0));
    }
    tape.backward(y);
    CHECK_THAT(x.grad(), close_to(number_of(15), 0));
    CHECK_FALSE(e.grad());  // leaves alone keep their gradient
  });
}

TEST_CASE("what is used twice gets both gradients", "[stage_05][5.4]") {
  struct Row {
    const char* text;
    Tensor (*f)(const Tensor& a, const Tensor& b);
    float da, db;
  };
  // at a = 2, b = 5
  const Row rows[] = {
      {"(a + b) + a", [](const Tensor& a, const Tensor& b) { return (a + b) + a; }, 2, 1},
      {"a * a", [](const Tensor& a, const Tensor&) { return a * a; }, 4, 0},
      {"a + a", [](const Tensor& a, const Tensor&) { return a + a; }, 2, 0},
      {"b - a - a", [](const Tensor& a, const Tensor& b) { return b - a - a; }, -2, 1},
      {"b - a", [](const Tensor& a, const Tensor& b) { return b - a; }, -1, 1},
      {"a b a b", [](const Tensor& a, const Tensor& b) { return a * b * a * b; }, 100, 40},
      {"(a + b) (a - b)", [](const Tensor& a, const Tensor& b) { return (a + b) * (a - b); }, 4,
       -10},
  };
  on_both([&] {
    for (const auto& [text, f, da, db] : rows) {
      CAPTURE(text);
      const Tensor a = leaf(2);
      const Tensor b = leaf(5);
      Tape tape;
      tape.backward(f(a, b));
      CHECK_THAT(a.grad(), close_to(number_of(da), 0));
      if (b.grad()) CHECK_THAT(b.grad(), close_to(number_of(db), 0));
      CHECK(static_cast<bool>(b.grad()) == (db != 0));
    }
  });
}

TEST_CASE("what is used in between and again later waits for both", "[stage_05][5.4]") {
  on_both([] {
    // b = 3 a, c = b b, y = b + c: dy/db = 1 + 2 b = 13 at b = 6, dy/da = 39. Whoever hands b's
    // gradient on before c has given its part gets 3.
    const Tensor a = leaf(2);
    Tape tape;
    const Tensor b = a * 3;
    const Tensor c = b * b;
    tape.backward(b + c);
    CHECK_THAT(a.grad(), close_to(number_of(39), 0));
  });
}

TEST_CASE("a thousand uses of one tensor are a thousand gradients", "[stage_05][5.4]") {
  on_both([] {
    const Tensor x = leaf({2}, {1, -3});
    Tape tape;
    Tensor y = x * 2;
    // x * 2 lives on in the tape alone: no other tensor may be taken for it.
    for (int i = 1; i < 1000; ++i) y = y + x * 2;
    tape.backward(y, op::array({{2}, {1, 10}}));
    CHECK_THAT(x.grad(), close_to(HostArray{{2}, {2000, 20000}}, 0));
  });
}

TEST_CASE("an input that was repeated gets the sum", "[stage_05][5.4]") {
  on_both([] {
    const Tensor a = leaf({2, 3}, {1, 2, 3, 4, 5, 6});
    const Tensor b = leaf({3}, {1, 10, 100});
    const Tensor c = leaf(7);
    Tape tape;
    tape.backward(a * b + c, op::array({{2, 3}, {1, 2, 3, 4, 5, 6}}));
    CHECK_THAT(a.grad(), close_to(HostArray{{2, 3}, {1, 20, 300, 4, 50, 600}}, 0));
    CHECK_THAT(b.grad(), close_to(HostArray{{3}, {17, 29, 45}}, 0));  // 1 + 16, 4 + 25, 9 + 36
    CHECK_THAT(c.grad(), close_to(number_of(21), 0));
  });
}

TEST_CASE("nodes on which y does not depend have no gradient", "[stage_05][5.4]") {
  on_both([] {
    const Tensor a = leaf(2);
    const Tensor b = leaf(3);
    Tape tape;
    const Tensor y = a * 2;
    const Tensor later = y * b;
    const std::vector<Array> gradients = tape.gradients(y, op::number(1));
    REQUIRE(gradients.size() == 4);  // a, y, b, later
    CHECK_THAT(gradients[0], close_to(number_of(2), 0));
    CHECK_FALSE(gradients[2]);
    CHECK_FALSE(gradients[3]);
    tape.backward(y);
    CHECK_FALSE(b.grad());
  });
}

TEST_CASE("a leaf adds up its gradients until it forgets them", "[stage_05][5.4]") {
  on_both([] {
    Tensor x = leaf({2}, {1, 2});
    const Array seed = op::array({{2}, {1, 10}});
    Tape tape;
    tape.backward(x * 3, seed);
    const Array first = x.grad();
    CHECK_THAT(first, close_to(HostArray{{2}, {3, 30}}, 0));
    tape.backward(x * 4, seed);  // the same tape, which was freed and records again
    CHECK_THAT(x.grad(), close_to(HostArray{{2}, {7, 70}}, 0));
    {
      Tape other;
      other.backward(x * x, seed);
    }
    CHECK_THAT(x.grad(), close_to(HostArray{{2}, {9, 110}}, 0));
    CHECK_THAT(first, close_to(HostArray{{2}, {3, 30}}, 0));  // out of place
    x.set_grad(Array{});
    tape.backward(x * 5, seed);
    CHECK_THAT(x.grad(), close_to(HostArray{{2}, {5, 50}}, 0));
    CHECK_THAT(seed, close_to(HostArray{{2}, {1, 10}}, 0));
  });
}

TEST_CASE("y may be a leaf, or made by another tape", "[stage_05][5.4]") {
  on_both([] {
    const Tensor x = leaf(3);
    Tape outer;
    const Tensor y = x * x;
    outer.backward(x, op::number(7));  // dx/dx = 1
    CHECK_THAT(x.grad(), close_to(number_of(7), 0));
    Tape inner;
    inner.backward(y * 2);  // a leaf of the inner tape
    CHECK_THAT(y.grad(), close_to(number_of(2), 0));
    CHECK_THAT(x.grad(), close_to(number_of(7), 0));
  });
}

TEST_CASE("a gradient is that of the values that were recorded", "[stage_05][5.4]") {
  on_both([] {
    Tensor x = leaf(3);
    Tape tape;
    const Tensor y = x * x;
    x.set_data(op::number(100));
    tape.backward(y);
    CHECK_THAT(x.grad(), close_to(number_of(6), 0));
  });
}

}  // namespace
}  // namespace nt
