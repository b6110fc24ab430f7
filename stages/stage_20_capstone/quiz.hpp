#pragma once
// A quiz of digits: the reader against the model.

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "image_set.hpp"
#include "test_reading.hpp"

namespace nt {

/// How many of the questions were answered, and how many rightly by whom.
struct QuizScore {
  int asked = 0;  ///< those that were answered
  int reader = 0;
  int model = 0;

  bool operator==(const QuizScore&) const = default;
};

/// The positions of `count` test images, or of all where there are fewer: every second one is taken
/// among those that the model reads wrongly, as long as there are any, since a quiz that the model
/// always wins is dull; all are drawn by lot, the same for the same seed, and none twice.
std::vector<std::int64_t> quiz_positions(const TestReading& reading, const Labels& labels,
                                         std::int64_t count, std::int64_t seed);

/// Shows each of these images, reads the reader's answer, a line of `answers`, and says what the
/// model reads and what it is. A line that is no digit is asked for again; the end of `answers`
/// ends the quiz. `say` is given what the terminal shows.
QuizScore play_quiz(const ImageSet& images, const TestReading& reading,
                    const std::vector<std::int64_t>& positions, std::istream& answers,
                    const std::function<void(const std::string&)>& say);

}  // namespace nt
