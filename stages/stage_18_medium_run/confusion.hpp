#pragma once
// Who is taken for whom. A share of right answers says how often a model errs; a confusion matrix
// says how: which class it takes for which.

#include <cstdint>
#include <vector>

#include "gradient_rows.hpp"

namespace nt {

/// How often an image of each class was read as each class: a row for what it is, a column for
/// what was read, as in scikit-learn. The diagonal holds what was read rightly.
struct ConfusionMatrix {
  std::int64_t classes = 0;
  std::vector<std::int64_t> counts = {};  ///< (classes, classes), row by row

  std::int64_t at(std::int64_t label, std::int64_t read) const {
    return counts[static_cast<std::size_t>(label * classes + read)];
  }

  std::int64_t images_of(std::int64_t label) const;  ///< the sum of a row: images of that class
  std::int64_t read_as(std::int64_t read) const;     ///< the sum of a column: answers of that class
  std::int64_t right() const;                        ///< the sum of the diagonal
  std::int64_t images() const;                       ///< the sum of all

  bool operator==(const ConfusionMatrix&) const = default;
};

/// Counts the answers.   read: (N), labels: (N), each from 0 to classes - 1. Throws Error
///   `confusion: there are 3 answers and 2 labels`
///   `confusion: answer 1 is 10: there are 10 classes`, and so for a label.
ConfusionMatrix confusion_of(const std::vector<std::int32_t>& read, const Labels& labels,
                             std::int64_t classes);

/// One kind of mistake: so many images of one class were read as another.
struct Confused {
  std::int64_t label;
  std::int64_t read;
  std::int64_t images;

  bool operator==(const Confused&) const = default;
};

/// The kinds of mistakes that happened, the most frequent first, at most `most` of them. Of equally
/// frequent ones the smaller label comes first, then the smaller answer.
std::vector<Confused> most_confused(const ConfusionMatrix& matrix, std::size_t most);

}  // namespace nt
