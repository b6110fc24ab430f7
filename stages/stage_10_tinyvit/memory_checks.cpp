// Whether a training step gives back the memory that it takes.

#include <malloc.h>

#include "check/catch.hpp"
#include "tinyvit.hpp"

#if defined(__SANITIZE_ADDRESS__)
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();  // GCC ships no header with it
#endif

namespace nt {
namespace {

/// The bytes that the program has asked for and not given back.
std::int64_t bytes_in_use() {
#if defined(__SANITIZE_ADDRESS__)
  return static_cast<std::int64_t>(__sanitizer_get_current_allocated_bytes());
#else
  const struct mallinfo2 heap = mallinfo2();
  return static_cast<std::int64_t>(heap.uordblks + heap.hblkhd);
#endif
}

/// Forward, backward, and w <- w - 0.01 dw for every parameter.
void train_step(const TinyVit& model, const HostArray& images, const HostArray& dlogits) {
  zero_grad(model);
  Tape tape;
  tape.backward(model(Tensor(op::array(images))), op::array(dlogits));
  for (auto [name, w] : model.parameters()) {
    w.set_data(op::subtract(w.data(), op::multiply(w.grad(), op::number(0.01F))));
  }
}

/// By how many bytes 200 training steps on B images have grown what is in use.
std::int64_t growth(const TinyVitConfig& sizes, std::int64_t B) {
  constexpr int kWarmUp = 50;  // what is allocated once, and what the allocator puts aside
  constexpr int kSteps = 200;
  Random random(1);
  const TinyVit model(sizes, random);
  const Shape shape{B, 1, sizes.image, sizes.image};
  const HostArray images{shape, std::vector<float>(static_cast<std::size_t>(shape.count()), 0.5F)};
  const Shape wide{B, sizes.classes};
  const HostArray dlogits{wide, std::vector<float>(static_cast<std::size_t>(wide.count()), 0.01F)};
  for (int step = 0; step < kWarmUp; ++step) train_step(model, images, dlogits);
  const std::int64_t before = bytes_in_use();
  for (int step = 0; step < kSteps; ++step) train_step(model, images, dlogits);
  return bytes_in_use() - before;
}

// glibc counts blocks that it keeps for reuse as in use, and which it keeps wavers: measured, up to
// 1700 bytes more or less. One forgotten block a step, be it as small as malloc makes them, 32
// bytes, comes to 6400.
constexpr std::int64_t kLimit = 4000;

TEST_CASE("training takes no more memory from step to step", "[stage_10][10.2]") {
  install_patches();
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    CAPTURE(name(backend));
    set_backend(backend);
    CHECK(growth({.image = 6, .patch = 3, .dim = 4, .depth = 2, .heads = 2, .mlp = 8}, 2) < kLimit);
  }
}

TEST_CASE("training the baseline's model takes no more memory from step to step",
          "[stage_10][.slow]") {
  install_patches();
  for (const Backend backend : {Backend::naive, Backend::eigen}) {
    CAPTURE(name(backend));
    set_backend(backend);
    CHECK(growth({}, 16) < kLimit);
  }
}

}  // namespace
}  // namespace nt
