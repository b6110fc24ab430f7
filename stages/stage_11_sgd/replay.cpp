#include "replay.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "classify.hpp"
#include "core/errors.hpp"
#include "cross_entropy.hpp"

namespace nt {
namespace {

/// The share of the baseline's test images that the model reads rightly.
double test_accuracy(const TinyVit& model, const Baseline& baseline) {
  const LabelledImages& test = baseline.data.test;
  const auto read = classify(model, test, baseline.test_count);
  return 1 - static_cast<double>(mistakes(read, test.labels).size()) / baseline.test_count;
}

}  // namespace

float train_step(const TinyVit& model, const HostArray& images, const Labels& labels,
                 const std::function<void()>& update) {
  // exercise 11.5: forget the gradients, forward, loss, backward, update
  zero_grad(model);
  Tape tape;
  const Tensor logits = model(Tensor(op::array(images)));
  const Tensor loss = cross_entropy(logits, labels);
  tape.backward(loss);
  update();
  return loss.data().host().values.front();
  // end exercise
}

ReplayLog replay(const TinyVit& model, const Baseline& baseline, const HostIntegers& order,
                 std::int64_t batch, std::int64_t steps, const Update& update,
                 const OnLoss& on_loss) {
  if (batch < 1) {
    throw Error(fmt::format("replay: batch should be 1 or more, found {}", batch));
  }
  const LabelledImages& train = baseline.data.train;
  const std::int64_t count = order.shape[1];
  ReplayLog log;
  for (std::int64_t epoch = 0; epoch < order.shape[0]; ++epoch) {
    const auto first = order.values.begin() + epoch * count;
    for (std::int64_t start = 0; start < count; start += batch) {
      const std::int64_t step = std::ssize(log.losses);
      if (step == steps) return log;
      const std::int64_t stop = std::min(start + batch, count);
      const std::vector<std::int32_t> positions(first + start, first + stop);
      log.losses.push_back(train_step(model, train.normalised(positions),
                                      train.labels_at(positions), [&] { update(step); }));
      on_loss(log.losses.back());
    }
    log.accuracy.push_back(test_accuracy(model, baseline));
  }
  return log;
}

}  // namespace nt
