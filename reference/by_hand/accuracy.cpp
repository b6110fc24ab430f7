#include "by_hand/accuracy.hpp"

#include <algorithm>

#include "by_hand/tinyvit.hpp"

namespace nt::by_hand {

int right_answers(const HostArray& logits, const std::vector<std::int32_t>& labels) {
  int right = 0;
  auto row = logits.values.begin();
  for (const std::int32_t label : labels) {
    right += std::max_element(row, row + logits.shape[1]) - row == label;
    row += logits.shape[1];
  }
  return right;
}

double accuracy(const Operations& op, const Arrays& weights, const LabelledImages& test,
                std::int32_t count) {
  constexpr std::int32_t kBatch = 100;
  int right = 0;
  for (std::int32_t start = 0; start < count; start += kBatch) {
    const std::vector<std::int32_t> positions = range(start, std::min(start + kBatch, count));
    Memory memory;
    const Array logits = forward(op, {}, weights, op.array(test.normalised(positions)), memory);
    right += right_answers(logits.host(), test.labels_at(positions));
  }
  return static_cast<double>(right) / count;
}

}  // namespace nt::by_hand
