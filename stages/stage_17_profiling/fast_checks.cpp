// The fast backend as a column of the op table: everything that stage 16's table asks, for every
// set of kernels, and that threads and buffers cannot be seen in the results.

#include <algorithm>
#include <atomic>
#include <iterator>

#include "adamw.hpp"
#include "check/catch.hpp"
#include "check/close_to.hpp"
#include "fast_array.hpp"
#include "fused_cases.hpp"
#include "fused_rows.hpp"
#include "install_fast.hpp"
#include "judge.hpp"
#include "kernel_choice.hpp"
#include "small_run.hpp"
#include "training_options.hpp"

namespace nt {
namespace {

const Complaints kNone;

/// Those of stage 16's table and of the fused rows' that are called so.
std::vector<OpCase> cases_of(const std::string& op) {
  std::vector<OpCase> found;
  for (const auto& table : {op_cases(1), fused_cases(1)}) {
    std::copy_if(table.begin(), table.end(), std::back_inserter(found),
                 [&](const OpCase& one) { return one.op == op; });
  }
  REQUIRE_FALSE(found.empty());
  return found;
}

/// The gradient as a row of its own, and as the layer's, which has to be the true slope as well.
void check_gradients(const std::string& row, const std::string& layer) {
  install_fast();
  with_every_set([&](const fast::Kernels&) {
    CHECK(wrong_values(cases_of(row), Backend::fast) == kNone);
    CHECK(wrong_gradients(cases_of(layer), Backend::fast) == kNone);
    CHECK(wrong_slopes(cases_of(layer), Backend::fast) == kNone);
  });
}

TEST_CASE("layer norm has Eigen's gradients", "[stage_17][17.7]") {
  check_gradients("layer_norm_gradient", "layer_norm");
}

TEST_CASE("attention has Eigen's gradients", "[stage_17][17.6][17.8]") {
  check_gradients("attention_gradient", "attend");
}

TEST_CASE("every row and layer computes what Eigen computes, and its gradients",
          "[stage_17][17.6][17.7][17.8]") {
  install_fast();
  with_every_set([](const fast::Kernels&) {
    for (const auto& cases : {op_cases(1), fused_cases(1), large_cases(1)}) {
      CHECK(wrong_values(cases, Backend::fast) == kNone);
      CHECK(wrong_gradients(cases, Backend::fast) == kNone);
    }
  });
}

TEST_CASE("every fused row has a fallback, which computes what Eigen computes", "[stage_17]") {
  install_fast();
  CHECK(wrong_values(fused_cases(1), Backend::naive) == kNone);
}

TEST_CASE("every error says what it should", "[stage_17]") {
  install_fast();
  CHECK(wrong_errors(error_cases(), Backend::fast) == kNone);
  for (const Backend backend : kBackends) {
    CHECK(wrong_errors(fused_error_cases(), backend) == kNone);
  }
}

/// A weight after three steps of AdamW, by gradients that are the same on every backend.
HostArray after_three_steps(Backend backend) {
  set_backend(backend);
  Random random(3);
  Tensor weight(op::array(normal({7}, random)), true);
  AdamW adamw({{"weight", weight}}, {});
  for (int step = 0; step < 3; ++step) {
    weight.set_grad(op::array(normal({7}, random)));
    adamw.step();
  }
  return weight.data().host();
}

TEST_CASE("AdamW on fast goes on from its own moments, as on naive", "[stage_17]") {
  install_fast();
  const HostArray expected = after_three_steps(Backend::naive);
  // Measured: 0. Allowed is a unit in the last place of 1, for other processors' fma and sqrt; a
  // step is 1e-3.
  with_every_set([&](const fast::Kernels&) {
    CHECK_THAT(after_three_steps(Backend::fast), close_to(expected, 1.2e-7F));
  });
}

/// The weights and moments of TinyViT after a step with so many threads. 21 images are 1029 rows:
/// enough to be shared by threads, and for sums in parts.
NamedArrays after_a_step(int threads) {
  fast::set_threads(threads);
  set_backend(Backend::fast);
  Random random(5);
  ImageSet set{{21, 28, 28}, std::vector<std::uint8_t>(21 * 28 * 28), Labels(21)};
  for (std::uint8_t& pixel : set.pixels) pixel = static_cast<std::uint8_t>(random.below(256));
  for (std::int32_t& label : set.labels) label = static_cast<std::int32_t>(random.below(10));
  TrainingOptions options;
  options.batch = 21;
  Trainer trainer = make_trainer(options, set, 1);
  trainer.step();
  NamedArrays all = weights_of(trainer.model());
  const NamedArrays moments = trainer.state().optimizer.buffers;
  all.insert(all.end(), moments.begin(), moments.end());
  return all;
}

TEST_CASE("training gives the same numbers with one thread and with three",
          "[stage_17][17.6][17.7][17.8]") {
  install_fast();
  with_every_set([](const fast::Kernels&) { CHECK(same(after_a_step(3), after_a_step(1))); });
}

TEST_CASE("every part is done once, whoever does it", "[stage_17]") {
  const KernelChoice before;
  for (const int threads : {1, 2, 4}) {
    fast::set_threads(threads);
    CHECK(fast::threads() == threads);
    for (const std::int64_t count : {0, 1, 2, 7, 1000}) {
      for (const std::int64_t grain : {1, 3, 2000}) {
        std::vector<std::atomic<int>> done(static_cast<std::size_t>(count));
        fast::parallel(count, grain, [&](std::int64_t begin, std::int64_t end) {
          for (; begin < end; ++begin) ++done[static_cast<std::size_t>(begin)];
        });
        CHECK(std::all_of(done.begin(), done.end(), [](const auto& n) { return n == 1; }));
      }
    }
  }
}

TEST_CASE("parts may ask for threads, and throw", "[stage_17]") {
  const KernelChoice before;
  fast::set_threads(3);
  std::atomic<std::int64_t> total = 0;
  fast::parallel(10, 1, [&](std::int64_t begin, std::int64_t end) {
    fast::parallel(end - begin, 1,
                   [&](std::int64_t first, std::int64_t last) { total += last - first; });
  });
  CHECK(total == 10);
  const auto failing = [](std::int64_t begin, std::int64_t end) {
    if (begin <= 70 && 70 < end) throw Error("part 70");
  };
  CHECK_THROWS_WITH(fast::parallel(100, 1, failing), "part 70");
  CHECK_NOTHROW(fast::parallel(100, 1, [](std::int64_t, std::int64_t) {}));
}

TEST_CASE("a buffer is used again, and no handle sees another's numbers", "[stage_17]") {
  install_fast();
  set_backend(Backend::fast);
  const Array x = op::array(filled({1000}, 1));
  const Array y = op::add(x, x);
  const std::size_t waiting = fast::waiting_bytes();
  { const Array z = op::add(y, y); }
  CHECK(fast::waiting_bytes() >= waiting);
  const Array again = op::multiply(y, y);
  CHECK(x.host().values == std::vector<float>(1000, 1));
  CHECK(y.host().values == std::vector<float>(1000, 2));
  CHECK(again.host().values == std::vector<float>(1000, 4));
}

TEST_CASE("heads are joined without a copy", "[stage_17][17.6]") {
  install_fast();
  set_backend(Backend::fast);
  Random random(6);
  const Array qkv = op::array(normal({2, 5, 3 * 8}, random));
  const auto heads = [&](std::int64_t i) {
    const Array part = op::slice(qkv, 2, i * 8, (i + 1) * 8);
    return op::permute(op::reshape(part, {2, 5, 4, 2}), {0, 2, 1, 3});
  };
  const Array y = op::attention(heads(0), heads(1), heads(2));
  const Array joined = op::reshape(op::permute(y, {0, 2, 1, 3}), {2, 5, 8});
  CHECK(joined.as<fast::FastArray>().data() == y.as<fast::FastArray>().data());
  CHECK(joined.as<fast::FastArray>().is_contiguous());
}

}  // namespace
}  // namespace nt
