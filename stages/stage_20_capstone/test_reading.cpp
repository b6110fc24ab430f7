#include "test_reading.hpp"

#include <algorithm>

#include "answers.hpp"
#include "frozen_heads.hpp"
#include "trainer.hpp"

namespace nt {

TestReading read_test_images(const TinyVit& model, const ImageSet& images) {
  const HostArray logits = logits_of(model, images);  // (N, classes)
  const std::int64_t classes = model.config.classes;
  TestReading reading{.read = classes_of(logits), .certainty = {}, .confusion = {}};
  reading.confusion = confusion_of(reading.read, images.labels, classes);
  const HostArray shares = softmax(Tensor(op::array(logits))).data().host();
  for (std::int64_t i = 0; i < images.count(); ++i) {
    reading.certainty.push_back(shares[{i, reading.read[static_cast<std::size_t>(i)]}]);
  }
  return reading;
}

std::vector<std::int64_t> surest_mistakes(const TestReading& reading, const Labels& labels) {
  std::vector<std::int64_t> positions;
  for (std::size_t i = 0; i < reading.read.size(); ++i) {
    if (reading.read[i] != labels[i]) positions.push_back(static_cast<std::int64_t>(i));
  }
  std::stable_sort(positions.begin(), positions.end(), [&](std::int64_t a, std::int64_t b) {
    return reading.certainty[static_cast<std::size_t>(a)] >
           reading.certainty[static_cast<std::size_t>(b)];
  });
  return positions;
}

HostArray patches_heard(const TinyVit& model, const HostArray& images) {
  const NamedArrays weights = weights_of(model);
  const std::int64_t H = model.config.heads;
  const std::int64_t T = model.config.tokens();
  const std::int64_t N = images.shape[0];
  const Tensor tokens = tokens_before_attention(weights, images);  // (N, T, C)
  HostArray heard = filled({N, H, T});
  for (std::int64_t head = 0; head < H; ++head) {
    const Tensor listens = head_weights(weights, tokens, head, H);  // (N, T asking, T heard)
    const HostArray mean_of_asking = mean(listens, {1}).data().host();
    for (std::int64_t n = 0; n < N; ++n) {
      std::copy_n(mean_of_asking.values.begin() + n * T, T,
                  heard.values.begin() + (n * H + head) * T);
    }
  }
  return heard;
}

}  // namespace nt
