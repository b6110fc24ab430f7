// What a tape keeps, it gives back; and however long a chain is, neither the engine nor the freeing
// goes down it by recursion. Every allocation of this program is counted.

#include <atomic>
#include <cstdlib>
#include <new>

#include "both_backends.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "tensor_ops.hpp"

namespace {

std::atomic<std::int64_t> allocations_alive = 0;

void* counted(std::size_t size) noexcept {
  void* memory = std::malloc(size > 0 ? size : 1);
  if (memory) ++allocations_alive;
  return memory;
}

}  // namespace

void* operator new(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t& /*tag*/) noexcept {
  return counted(size);
}

void operator delete(void* memory) noexcept {
  if (memory) --allocations_alive;
  std::free(memory);
}

void operator delete(void* memory, std::size_t /*size*/) noexcept { operator delete(memory); }

namespace nt {
namespace {

/// One step down the slope of a line's squared distance from four points.
void train_step(Tensor& w, Tensor& b) {
  const Tensor x(op::array({{4}, {-1, 0, 1, 2}}));
  const Tensor target(op::array({{4}, {-5, -2, 1, 4}}));  // 3 x - 2
  Tape tape;
  const Tensor error = w * x + b - target;
  tape.backward(mean(error * error, {0}));
  for (Tensor* weight : {&w, &b}) {
    weight->set_data(op::subtract(weight->data(), op::multiply(weight->grad(), op::number(0.1F))));
    weight->set_grad(Array{});
  }
}

TEST_CASE("200 training steps learn, and leave nothing behind", "[stage_05][5.4]") {
  on_both([] {
    Tensor w(op::number(0), true);
    Tensor b(op::number(0), true);
    train_step(w, b);
    const std::int64_t before = allocations_alive;
    for (int step = 0; step < 200; ++step) train_step(w, b);
    const std::int64_t after = allocations_alive;
    CHECK(after == before);
    // Measured: 4.8e-7. Steps that are smaller than a rounding no longer move a weight.
    CHECK_THAT(w.data(), close_to(HostArray{{}, {3}}, 2e-6F));
    CHECK_THAT(b.data(), close_to(HostArray{{}, {-2}}, 2e-6F));
  });
}

TEST_CASE("backward frees the tape, and so does its end", "[stage_05][5.4]") {
  on_both([] {
    const auto token = std::make_shared<int>(0);
    const auto held = [token](const Array& dy) { return dy; };
    const Tensor x(op::number(3), true);
    {
      Tape tape;
      const Tensor y = record("held", x.data(), {{x, held}});
      const auto recorded = token.use_count();
      CHECK(recorded == 3);  // token, held, and the tape's edge
      tape.backward(y);
      CHECK(token.use_count() == 2);
      record("held", x.data(), {{x, held}});
      CHECK(token.use_count() == 3);
    }
    CHECK(token.use_count() == 2);
  });
}

/// x + x + ... by `length` nodes in a row, differentiated and freed.
void differentiate_chain(int length) {
  const Tensor x(op::number(1), true);
  {
    Tape tape;
    Tensor y = x;
    for (int i = 0; i < length; ++i) y = y + x;
    CHECK(tape.nodes().size() == static_cast<std::size_t>(length) + 1);
    tape.backward(y);
  }
  // Whole numbers up to 2^24 are exact.
  CHECK_THAT(x.grad(), close_to(HostArray{{}, {static_cast<float>(length + 1)}}, 0));
}

TEST_CASE("a chain of 100 000 nodes is differentiated and freed", "[stage_05][5.4]") {
  // By recursion, each node taking a hundred bytes of the stack or more, 8 MB would not do.
  install_gradient_rows();
  set_backend(Backend::naive);
  differentiate_chain(100'000);
}

TEST_CASE("a chain of a million nodes is differentiated and freed", "[stage_05][.slow]") {
  on_both([] { differentiate_chain(1'000'000); });
}

TEST_CASE("a tape that ends without backward leaves nothing behind", "[stage_05][5.3]") {
  install_gradient_rows();
  set_backend(Backend::naive);
  const Tensor x(op::number(1), true);
  const std::int64_t before = allocations_alive;
  {
    Tape tape;
    Tensor y = x;
    for (int i = 0; i < 100; ++i) y = y + x;
  }
  const std::int64_t after = allocations_alive;
  CHECK(after == before);
}

}  // namespace
}  // namespace nt
