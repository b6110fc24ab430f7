// train_bench BACKEND THREADS: a backend's side of the training and inference that ./learn bench
// measures. Its jobs are
//   train B S    steps of AdamW on a batch of B images for S seconds; the answer is the loss of the
//                second step, which the first one's gradients and update have a share in
//   infer B S    logits of B images for S seconds; the answer is the mean of their magnitudes
// Every turn begins with the baseline's initial weights and takes the first training digits, so
// that PyTorch's answers are the same.

#include <cmath>
#include <numeric>
#include <optional>

#include "adamw.hpp"
#include "contestant.hpp"
#include "dataset.hpp"
#include "frozen.hpp"
#include "install_fast.hpp"
#include "kernels.hpp"
#include "op.hpp"
#include "parallel.hpp"
#include "replay.hpp"
#include "tinyvit.hpp"

namespace {

using nt::bench::Timing;
using nt::bench::Turn;

struct Work {
  nt::LabelledImages digits = nt::load_data("digits").train;
  nt::NamedArrays weights = nt::Frozen::open("digits").group("initial/weights/");

  Turn train(std::int32_t batch, double seconds) const {
    const nt::HostArray images = digits.normalised(nt::range(0, batch));
    const nt::Labels labels = digits.labels_at(nt::range(0, batch));
    const nt::TinyVit model = nt::with_weights({}, weights);
    nt::AdamW optimizer(model.parameters(), {});
    std::vector<float> losses;
    const Timing timing = nt::bench::repeat(seconds, [&] {
      losses.push_back(nt::train_step(model, images, labels, [&] { optimizer.step(); }));
    });
    return {timing.times * batch, timing.seconds, losses[1]};
  }

  Turn infer(std::int32_t batch, double seconds) const {
    const nt::Tensor images(nt::op::array(digits.normalised(nt::range(0, batch))));
    const nt::TinyVit model = nt::with_weights({}, weights);
    std::optional<nt::Tensor> logits;
    const Timing timing = nt::bench::repeat(seconds, [&] { logits = model(images); });
    const std::vector<float> values = logits->data().host().values;
    const double sum = std::accumulate(values.begin(), values.end(), 0.0,
                                       [](double all, float x) { return all + std::abs(x); });
    return {timing.times * batch, timing.seconds, sum / static_cast<double>(values.size())};
  }
};

nt::bench::Contestant contestant(const std::string& backend, int threads) {
  nt::install_fast();
  nt::set_backend(backend);
  nt::fast::set_threads(threads);
  const auto turn = [work = Work()](const std::string& task, std::istream& rest) {
    std::int32_t batch = 0;
    double seconds = 0;
    rest >> batch >> seconds;
    if (task == "train") return work.train(batch, seconds);
    if (task == "infer") return work.infer(batch, seconds);
    rest.setstate(std::ios::failbit);
    return Turn{};
  };
  return {{{"kernels", nt::fast::kernels().processor}}, turn};
}

}  // namespace

int main(int argc, char** argv) { return nt::bench::serve(argc, argv, contestant); }
