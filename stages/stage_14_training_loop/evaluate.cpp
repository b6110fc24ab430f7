#include "evaluate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/errors.hpp"
#include "cross_entropy.hpp"
#include "program/program.hpp"

namespace nt {
namespace {

/// How many rows have their largest number at the label.   logits: (B, classes), labels: (B)
std::int64_t count_right(const Array& logits, const Labels& labels) {
  const std::vector<float> read = op::argmax(logits, 1, false).host().values;
  return std::inner_product(read.begin(), read.end(), labels.begin(), std::int64_t{0}, std::plus(),
                            [](float place, std::int32_t label) {
                              return static_cast<std::int32_t>(place) == label ? 1 : 0;
                            });
}

}  // namespace

Evaluation evaluate(const TinyVit& model, const ImageSet& set, std::int64_t batch) {
  if (batch < 1) throw Error(fmt::format("evaluate: batch should be 1 or more, found {}", batch));
  if (set.count() == 0) throw Error("evaluate: there are no images");
  // exercise 14.4: part by part; each loss as often as its part has images, and those read rightly
  Evaluation result;
  for (std::int64_t start = 0; start < set.count(); start += batch) {
    std::vector<std::int64_t> part(static_cast<std::size_t>(std::min(batch, set.count() - start)));
    std::iota(part.begin(), part.end(), start);
    const Labels labels = labels_at(set, part);
    const Tensor logits = model(Tensor(op::array(images_at(set, part))));
    const double loss = cross_entropy(logits, labels).data().host().values.front();
    result.loss += loss * static_cast<double>(part.size());
    result.right += count_right(logits.data(), labels);
    stop_if_interrupted();
  }
  result.images = set.count();
  result.loss /= static_cast<double>(result.images);
  return result;
  // end exercise
}

}  // namespace nt
